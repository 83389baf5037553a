package io.gradwatch.schemas;

/** Bytes that are no record of the expected type. Carries no stack trace: bad input is data. */
public final class RecordFormatException extends Exception {
  /** What is wrong with the bytes. */
  public enum Fault {
    /** No bytes, or null. */
    EMPTY,
    /** More than {@link Limits#MAX_RECORD_BYTES}. */
    TOO_LARGE,
    /** The first bytes are none of the framings. */
    UNKNOWN_FRAMING,
    /** The writer's schema is neither in the known list nor told by the registry. */
    UNKNOWN_SCHEMA,
    /** The registry's schema is too large, too deep or cannot be read as this record. */
    UNACCEPTABLE_SCHEMA,
    /** The bytes end before the record does. */
    TRUNCATED,
    /** The bytes are not what the writer's schema says. */
    MALFORMED,
    /** Bytes follow the record. */
    TRAILING_BYTES
  }

  private final Fault fault;

  public RecordFormatException(Fault fault, String message) {
    super(message, null, false, false);
    this.fault = fault;
  }

  /** What is wrong with the bytes. */
  public Fault fault() {
    return fault;
  }
}
