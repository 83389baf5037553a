package io.gradwatch.cli;

import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.schemas.AvroLimits;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import picocli.CommandLine;

/** The command's entry. */
public final class Gradwatch {
  /** Commands that set up logging themselves, see {@link io.gradwatch.cli.service.ServiceLog}. */
  private static final Set<String> SERVICES = Set.of("demo", "up", "job");

  private Gradwatch() {}

  /** Runs the command and exits with its code (see {@link ExitCode}). */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    if (arguments.length == 0 || !SERVICES.contains(arguments[0])) {
      AvroLimits.ensure();
    }
    if (arguments.length == 1 && arguments[0].equals("pipe")) {
      // Its first answer is due at once: the command line's own machinery stays unloaded.
      return Pipe.overStandardStreams(PolicyBook.empty());
    }
    return commandLine()
        .setOut(writer(FileDescriptor.out))
        .setErr(writer(FileDescriptor.err))
        .execute(arguments);
  }

  /** The whole command, its output not yet bound to anything but the standard streams. */
  static CommandLine commandLine() {
    return new CommandLine(new GradwatchCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setParameterExceptionHandler(ExitCode::ofMisuse)
        .setExecutionExceptionHandler(ExitCode::ofFailure);
  }

  /** UTF-8 whatever the locale: what goes out is data. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), false);
  }
}
