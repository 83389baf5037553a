package io.gradwatch.lab.peers;

import io.gradwatch.backtest.score.Response;
import io.gradwatch.backtest.score.RunScore;
import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabel.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a run that was lost was first paged on. Steps count from the failure: below 0 is before it.
 *
 * @param onset step at which the trouble began
 * @param page the first page since the onset; null when there was none
 */
record LeadTime(String run, String scenario, long onset, @Nullable Long page) {

  /** The diverged runs in the order in which they were judged. */
  static List<LeadTime> of(Scorecard card) {
    List<LeadTime> times = new ArrayList<>();
    for (RunScore run : card.runs()) {
      RunLabel label = run.truth().label();
      Long onset = label.onsetStep();
      Long failure = label.failureStep();
      if (label.outcome() == Outcome.DIVERGED && onset != null && failure != null) {
        long fromFailure = onset - failure;
        times.add(
            new LeadTime(
                run.truth().run(), run.truth().scenario(), fromFailure, page(run, fromFailure)));
      }
    }
    return times;
  }

  private static @Nullable Long page(RunScore run, long onset) {
    Response response = run.response();
    Long steps = response == null ? null : response.steps();
    return steps == null ? null : onset + steps;
  }

  /** Last step at which a page is in time: as in {@code score.py}. */
  long deadline() {
    return Math.max(20, onset + 10);
  }
}
