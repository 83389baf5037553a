package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.DivergencePolicy;
import io.gradwatch.core.stats.Overshoot;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DIVERGENCE: the loss has left its level and does not come back. Four signs, each of which must
 * hold for a row of values, which is what tells a loss that is lost from a bad batch; low is the
 * lowest that the medium level has been:
 *
 * <ul>
 *   <li>overshoot: the loss stands far above every loss before it, at any age ({@link Overshoot});
 *   <li>jump: single values stand many spreads above the low and hold most of the highest rise;
 *   <li>drift: the medium level stands above the low and the fast level is not below the medium, so
 *       it is still rising;
 *   <li>creep, a warning: the slow level stands a little above its own lowest, for long.
 * </ul>
 *
 * <p>After a jump ({@link RunSeries#mayBeHealing}) drift and creep wait: a loss that heals falls
 * slowly, and the jump has a sign of its own. Assumes that a healthy loss stays near its low, as
 * losses that are minimised do; overshoot is not judged for losses that may be negative. But for
 * overshoot silent until the trend is ready, also after a declared change of batch size; all rows
 * are forgotten at a rewind. The learning rate plays no part.
 */
public final class DivergenceDetector implements Detector {
  /** Half-life, in values, of the highest rise, so that an old spike hides nothing. */
  private static final double PEAK_FADE = 1 - Trend.weight(40);

  private static final int JUMP = 0;
  private static final int DRIFT = 1;
  private static final int CREEP = 2;
  private static final int PEAK = 3;
  private static final int SLOW_SEEN = 4;
  private static final int SLOW_LOW = 5;
  private static final int SLOW_LOW_STEP = 6;
  private static final int OVERSHOOT = 7;

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
    return OVERSHOOT + Overshoot.CELLS;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    if (Double.isFinite(reading.lossValue())) {
      countOvershoot(reading, series, memory);
      if (Trend.ready(series.loss(), 0)) {
        countRows(reading, series, memory);
      } else {
        memory[JUMP] = 0;
        memory[DRIFT] = 0;
        memory[CREEP] = 0;
        memory[SLOW_SEEN] = 0;
      }
    }
    if (Overshoot.row(memory, OVERSHOOT) >= policy.overshootPersistence()
        || memory[JUMP] >= policy.jumpPersistence()
        || memory[DRIFT] >= policy.driftPersistence()) {
      return Severity.CRITICAL;
    }
    return memory[CREEP] >= policy.creepPersistence() ? Severity.WARNING : null;
  }

  private void countOvershoot(Reading reading, RunSeries series, double[] memory) {
    if (series.lossIsLinear() || Trend.count(series.loss(), 0) <= 1) {
      // Nothing to compare with: a loss that may be negative, or one of another batch size.
      Overshoot.restart(memory, OVERSHOOT);
    }
    if (!series.lossIsLinear() && !reading.batchIsOther()) {
      Overshoot.update(memory, OVERSHOOT, reading.lossValue(), policy.overshoot());
    }
  }

  private void countRows(Reading reading, RunSeries series, double[] memory) {
    double[] loss = series.loss();
    double spread = Trend.floorOfSpread(loss, 0);
    double low = Trend.low(loss, 0);
    double least = series.lossIsLinear() ? 0 : policy.rise();
    double rise = reading.lossValue() - low;
    memory[PEAK] = Math.max(memory[PEAK] * PEAK_FADE, rise);
    boolean jumped =
        rise >= Math.max(policy.jumpSpreads() * spread, least)
            && rise >= policy.held() * memory[PEAK];
    memory[JUMP] = jumped ? memory[JUMP] + 1 : 0;
    double medium = Trend.medium(loss, 0);
    boolean drifted =
        !series.mayBeHealing()
            && medium - low >= Math.max(policy.driftSpreads() * spread, least)
            && medium > Trend.slow(loss, 0)
            && Trend.fast(loss, 0) >= medium;
    memory[DRIFT] = drifted ? memory[DRIFT] + 1 : 0;
    boolean crept = !series.mayBeHealing() && creeps(reading, series, spread, memory);
    memory[CREEP] = crept ? memory[CREEP] + 1 : 0;
  }

  private boolean creeps(Reading reading, RunSeries series, double spread, double[] memory) {
    double slow = Trend.slow(series.loss(), 0);
    if (memory[SLOW_SEEN] == 0 || slow <= memory[SLOW_LOW]) {
      memory[SLOW_SEEN] = 1;
      memory[SLOW_LOW] = slow;
      memory[SLOW_LOW_STEP] = reading.step();
    }
    double least = series.lossIsLinear() ? 0 : policy.creep();
    return slow - memory[SLOW_LOW] >= Math.max(policy.creepSpreads() * spread, least);
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
