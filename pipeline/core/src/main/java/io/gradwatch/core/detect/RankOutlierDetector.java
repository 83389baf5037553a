package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.RankOutlierPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RANK_OUTLIER: one rank's loss or gradient norm leaves those of the others at the same steps, for
 * a row of compared steps, or is not finite while theirs are ({@link RankComparison}). Needs three
 * ranks that publish; silent for the first twenty comparisons of a rank. Begins anew with each
 * attempt, which may have other ranks.
 */
public final class RankOutlierDetector implements Detector {
  /** Observations after which a comparison says nothing any more. */
  private static final double STALE = 100;

  private final RankOutlierPolicy policy;

  public RankOutlierDetector(RankOutlierPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.RANK_OUTLIER;
  }

  @Override
  public int cells(int layers) {
    return 0;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    double[] verdict = series.ranks().verdict();
    if (verdict.length == 0 || verdict[RankComparison.APART] == 0) {
      return null;
    }
    double age = reading.step() + 1 - verdict[RankComparison.COMPARED_STEP];
    boolean lasts = verdict[RankComparison.APART_ROW] >= policy.persistence();
    return lasts && age <= STALE * series.counters().stepInterval() ? Severity.WARNING : null;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    double[] verdict = series.ranks().verdict();
    if (verdict.length == 0 || verdict[RankComparison.APART] == 0) {
      return new Condition(reading.step(), List.of(), List.of(), List.of(), "");
    }
    int rank = (int) verdict[RankComparison.APART] - 1;
    long onset = (long) verdict[RankComparison.APART_ONSET];
    double loss = verdict[RankComparison.OWN];
    double norm = StrictMath.exp(verdict[RankComparison.OWN + 1]);
    double medianLoss = verdict[RankComparison.MEDIAN];
    double medianNorm = StrictMath.exp(verdict[RankComparison.MEDIAN + 1]);
    return new Condition(
        onset,
        List.of(
            new Evidence("rank", rank),
            new Evidence("rank_loss", loss),
            new Evidence("rank_median_loss", medianLoss),
            new Evidence("rank_grad_norm", norm),
            new Evidence("rank_median_grad_norm", medianNorm)),
        List.of(),
        new Remedies(surroundings)
            .add(ActionKind.CHECK_HOST, rank, "Check the host and the device of rank " + rank + ".")
            .add(ActionKind.CHECK_DATA, rank, "Check the data that rank " + rank + " reads.")
            .list(),
        Words.sentence(
                "Rank %d of %d has left the others since step %d",
                rank, series.ranks().heard(), onset)
            + compared(", its loss is ", loss, medianLoss)
            + compared(", its gradient norm is ", norm, medianNorm)
            + ".");
  }

  private static String compared(String what, double own, double median) {
    if (Double.isNaN(median) || Double.isNaN(own)) {
      return "";
    }
    String value = Double.isInfinite(own) ? "no finite number" : Words.number(own);
    return what + value + " where their median is " + Words.number(median);
  }
}
