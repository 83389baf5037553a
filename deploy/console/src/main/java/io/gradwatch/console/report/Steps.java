package io.gradwatch.console.report;

import io.gradwatch.console.api.SeriesPage.AttemptSeries;
import io.gradwatch.console.api.SeriesPage.Curve;
import java.util.List;

/** The steps that a figure covers. */
final class Steps {
  private Steps() {}

  /** From the first step that any curve has to the newest that any run tells. */
  static Scale scale(List<RunReportData> runs) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (RunReportData run : runs) {
      last = Math.max(last, run.run().row().step());
      for (AttemptSeries attempt : run.series().attempts()) {
        for (Curve curve : attempt.series().values()) {
          if (!curve.steps().isEmpty()) {
            first = Math.min(first, curve.steps().get(0));
            last = Math.max(last, curve.steps().get(curve.steps().size() - 1));
          }
        }
      }
    }
    return Scale.steps(Math.min(first, last), last, Plot.LEFT, Plot.RIGHT);
  }
}
