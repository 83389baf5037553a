package io.gradwatch.lab.calibrate;

/** A run that cannot be resampled; the message says why. */
final class NotQuietException extends Exception {
  private static final long serialVersionUID = 1;

  NotQuietException(String message) {
    super(message);
  }
}
