package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.DivergencePolicy;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DIVERGENCE: the loss has left its level and does not come back. Two statistics, each in spreads
 * above the lowest the medium level has been: the fast level, for jumps, and the medium level while
 * it is above the slow one, for drifts. Either must hold for a row of observations, which is what
 * tells a divergence from a bad batch. Assumes that a healthy loss stays near its low, as losses
 * that are minimised do. Silent until the trend is ready, also after a declared change of batch
 * size; the row is forgotten at a rewind.
 */
public final class DivergenceDetector implements Detector {
  /** Share of its peak that a loss still holds when it is not on its way back. */
  private static final double HELD = 0.7;

  private static final int ROW = 0;
  private static final int PEAK = 1;

  private final DivergencePolicy policy;

  public DivergenceDetector(DivergencePolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.DIVERGENCE;
  }

  @Override
  public int cells(int layers) {
    return 2;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    if (!Double.isFinite(reading.lossValue())) {
      return memory[ROW] >= policy.persistence() ? Severity.CRITICAL : null;
    }
    memory[ROW] = hasLeft(series, memory) ? memory[ROW] + 1 : 0;
    return memory[ROW] >= policy.persistence() ? Severity.CRITICAL : null;
  }

  private boolean hasLeft(RunSeries series, double[] memory) {
    double[] loss = series.loss();
    if (!Trend.ready(loss, 0)) {
      return false;
    }
    double spread = Trend.floorOfSpread(loss, 0);
    double least = series.lossIsLinear() ? 0 : policy.rise();
    double jump = Trend.fast(loss, 0) - Trend.low(loss, 0);
    double drift = Trend.medium(loss, 0) - Trend.low(loss, 0);
    memory[PEAK] = jump < spread ? 0 : Math.max(memory[PEAK], jump);
    boolean returning = jump < HELD * memory[PEAK];
    boolean jumped = jump >= policy.jumpSpreads() * spread && jump >= least;
    boolean drifted =
        drift >= policy.driftSpreads() * spread
            && drift >= least
            && Trend.medium(loss, 0) > Trend.slow(loss, 0)
            && !returning;
    return jumped || drifted;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    double[] loss = series.loss();
    double low = Trend.low(loss, 0);
    double baseline = series.lossIsLinear() ? low : StrictMath.exp(low);
    long onset = Trend.lowStep(loss, 0);
    return new Condition(
        onset,
        List.of(
            new Evidence("loss", reading.loss()),
            new Evidence("loss_baseline", baseline),
            new Evidence(
                "loss_rise_spreads", (Trend.fast(loss, 0) - low) / Trend.floorOfSpread(loss, 0)),
            new Evidence("growth_rate_per_step", series.lossGrowthPerStep())),
        List.of(),
        new Remedies(surroundings)
            .rollBack(onset)
            .lowerLearningRate()
            .clip()
            .add(ActionKind.CHECK_DATA, "Check the batches from step " + onset + " on.")
            .list(),
        Words.sentence(
            "The loss left its level: %s at step %d, it was %s at step %d and has not come back.",
            Words.number(reading.loss()), reading.step(), Words.number(baseline), onset));
  }
}
