package io.gradwatch.cli;

import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.OutputClosedException;
import java.io.PrintWriter;
import picocli.CommandLine;

/** What the command tells the shell. */
final class ExitCode {
  /** All went well. */
  static final int OK = 0;

  /** It failed; standard error says why. */
  static final int FAILURE = 1;

  private ExitCode() {}

  /** A failure told in one line; one nobody foresaw with its stack trace. */
  static int ofFailure(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult arguments) {
    PrintWriter err = commandLine.getErr();
    if (failure instanceof OutputClosedException) {
      return OK;
    }
    if (failure instanceof CommandFailedException) {
      err.println("gradwatch: " + failure.getMessage());
    } else {
      failure.printStackTrace(err);
    }
    err.flush();
    return FAILURE;
  }
}
