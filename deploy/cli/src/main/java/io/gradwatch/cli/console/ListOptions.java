package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which part of a long list a command prints. */
final class ListOptions {
  @Option(names = "--project", paramLabel = "NAME", description = "Of this project only.")
  private @Nullable String project;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "Most to print. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /** The project; null: all. */
  @Nullable String project() {
    return project;
  }

  /**
   * Most to print.
   *
   * @param most what the console tells at once
   * @throws ParameterException when it is not 1 to that
   */
  int limit(int most) {
    if (limit < 1 || limit > most) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          String.format(Locale.ROOT, "--limit must be 1 to %,d, not %d", most, limit));
    }
    return limit;
  }

  /** Says how many there are beyond those that were printed. */
  static void tellRest(PrintWriter out, int total, int printed) {
    if (total > printed) {
      out.println("and " + (total - printed) + " more: --limit");
    }
    out.flush();
  }
}
