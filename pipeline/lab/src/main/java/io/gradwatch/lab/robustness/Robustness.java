package io.gradwatch.lab.robustness;

import io.gradwatch.backtest.Backtest;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.backtest.RunReport;
import io.gradwatch.backtest.score.LabelledRun;
import io.gradwatch.backtest.score.LabelledRuns;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.lab.recordings.TraceFolder;
import io.gradwatch.traces.RecordedRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The detectors on recordings told differently, or judged differently. */
public final class Robustness {
  private static final String PROJECT = "default";

  private Robustness() {}

  /**
   * Reads all runs of a folder, told differently.
   *
   * @throws IOException when a recording cannot be read to its end
   */
  public static List<LabelledRun> run(TraceFolder folder, Perturbation perturbation)
      throws IOException {
    return run(folder, perturbation, PolicyBook.empty());
  }

  /**
   * Reads all runs of a folder, judged by other policies.
   *
   * @throws IOException when a recording cannot be read to its end
   */
  static List<LabelledRun> run(TraceFolder folder, PolicyBook policies) throws IOException {
    return run(folder, Perturbation.NONE, policies);
  }

  private static List<LabelledRun> run(
      TraceFolder folder, Perturbation perturbation, PolicyBook policies) throws IOException {
    RaisedAlarms alarms = new RaisedAlarms();
    Backtest backtest = new Backtest(PROJECT, policies);
    for (Path file : folder.files().values()) {
      RunReport report =
          backtest.run(
              file.toString(), new PerturbedRun(RecordedRuns.open(file), perturbation), alarms);
      if (report.failure() != null || report.refused() > 0) {
        throw new IOException(
            file + ": " + report.failure() + ", " + report.refused() + " events refused");
      }
    }
    return new LabelledRuns(folder.labels(), folder.files().keySet()).with(alarms);
  }
}
