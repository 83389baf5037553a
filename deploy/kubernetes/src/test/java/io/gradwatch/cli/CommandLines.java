package io.gradwatch.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The command {@code gradwatch} as the chart's pods call it. */
public final class CommandLines {
  private CommandLines() {}

  /**
   * Reads arguments and runs nothing.
   *
   * @throws CommandLine.ParameterException when the command does not know them
   */
  public static CommandLine.ParseResult parse(String... arguments) {
    return Gradwatch.commandLine().parseArgs(arguments);
  }

  /**
   * What a command prints.
   *
   * @throws IllegalStateException when it fails, with what it says of that
   */
  public static String print(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Gradwatch.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    if (code != ExitCode.OK) {
      throw new IllegalStateException(String.join(" ", arguments) + ": " + err);
    }
    return out.toString();
  }
}
