package io.gradwatch.schemas;

/**
 * A registry that answers others refuses to tell one schema. That is about the record, so whoever
 * reads goes on without it; a registry that cannot be asked is an {@link
 * java.io.UncheckedIOException}.
 */
public final class SchemaRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message which id, who refused it how, and what to do
   */
  public SchemaRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
