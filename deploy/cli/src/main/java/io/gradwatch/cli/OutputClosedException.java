package io.gradwatch.cli;

/** Whoever read our output has gone, as {@code head} does: no failure, only the end. */
final class OutputClosedException extends RuntimeException {
  OutputClosedException() {
    super("the output was closed", null, false, false);
  }
}
