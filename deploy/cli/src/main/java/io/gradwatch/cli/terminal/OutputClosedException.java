package io.gradwatch.cli.terminal;

/** Whoever read our output has gone, as {@code head} does: no failure, only the end. */
public final class OutputClosedException extends RuntimeException {
  public OutputClosedException() {
    super("the output was closed", null, false, false);
  }
}
