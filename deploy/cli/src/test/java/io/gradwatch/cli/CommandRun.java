package io.gradwatch.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * One run of the command in this process, as a user would have seen it.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int code, String out, String err) {
  public static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Gradwatch.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new CommandRun(code, out.toString(), err.toString());
  }
}
