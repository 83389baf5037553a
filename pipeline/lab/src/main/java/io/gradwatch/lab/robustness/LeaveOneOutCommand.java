package io.gradwatch.lab.robustness;

import static java.util.Objects.requireNonNull;

import io.gradwatch.lab.recordings.TraceFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab leave-one-out}. */
@Command(
    name = "leave-one-out",
    description = {
      "Scores the detectors without each scenario family in turn, and tells what each family is alone.",
      "The family that carries the score most stands first."
    })
public final class LeaveOneOutCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = TraceFolder.DEFAULT,
      description = "Recordings with labels.json. Default: traces/dev of this module.")
  private Path folder = Path.of(TraceFolder.DEFAULT);

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    LeaveOneOut report =
        LeaveOneOut.of(Robustness.run(TraceFolder.open(folder), Perturbation.NONE));
    out.println("| family | runs | " + ScoreColumns.HEAD + " | score without it | change |");
    out.println("|---|---|" + ScoreColumns.RULE + "---|---|");
    report.families().stream()
        .sorted(Comparator.comparingDouble(family -> family.others().score()))
        .forEach(
            family ->
                out.printf(
                    Locale.ROOT,
                    "| %s | %d | %s | %.3f | %+.3f |%n",
                    family.name(),
                    family.alone().runs().size(),
                    ScoreColumns.of(family.alone()),
                    family.others().score(),
                    family.others().score() - report.all().score()));
    out.printf(
        Locale.ROOT,
        "| all | %d | %s | %.3f | |%n",
        report.all().runs().size(),
        ScoreColumns.of(report.all()),
        report.all().score());
    out.flush();
    return 0;
  }
}
