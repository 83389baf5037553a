package io.gradwatch.cli;

import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.OutputClosedException;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.console.routing.config.InvalidRouterConfigException;
import io.gradwatch.wire.policy.InvalidPolicyException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the command tells the shell. */
final class ExitCode {
  /** All went well. */
  static final int OK = 0;

  /** It failed; standard error says why. */
  static final int FAILURE = 1;

  /**
   * The command line, or a policy or a router's file it names, was not understood; standard error
   * says why.
   */
  static final int NOT_UNDERSTOOD = 2;

  private ExitCode() {}

  /** What is wrong, and one line of how it is used. */
  static int ofMisuse(ParameterException misuse, String[] arguments) {
    CommandLine commandLine = misuse.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println(Style.harmless(String.valueOf(misuse.getMessage())));
    UnmatchedArgumentException.printSuggestions(misuse, err);
    err.println(
        "Usage: "
            + commandLine.getHelp().abbreviatedSynopsis().strip()
            + "  (all of it: "
            + commandLine.getCommandSpec().qualifiedName()
            + " --help)");
    err.flush();
    return NOT_UNDERSTOOD;
  }

  /** A failure told in one line; one nobody foresaw with its stack trace. */
  static int ofFailure(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult arguments) {
    PrintWriter err = commandLine.getErr();
    if (failure instanceof OutputClosedException) {
      return OK;
    }
    if (failure instanceof InvalidPolicyException invalid) {
      invalid.errors().forEach(err::println);
      err.flush();
      return NOT_UNDERSTOOD;
    }
    if (failure instanceof InvalidRouterConfigException invalid) {
      invalid.errors().forEach(error -> err.println(Style.harmless(error)));
      err.flush();
      return NOT_UNDERSTOOD;
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
