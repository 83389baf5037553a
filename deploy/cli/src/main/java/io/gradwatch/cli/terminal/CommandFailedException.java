package io.gradwatch.cli.terminal;

/** A command cannot do what it was asked to; the message is for the person who asked. */
public final class CommandFailedException extends RuntimeException {
  public CommandFailedException(String message) {
    super(message);
  }

  public CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
