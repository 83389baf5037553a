package io.gradwatch.cli;

/** A command cannot do what it was asked to; the message is for the person who asked. */
final class CommandFailedException extends RuntimeException {
  CommandFailedException(String message) {
    super(message);
  }

  CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
