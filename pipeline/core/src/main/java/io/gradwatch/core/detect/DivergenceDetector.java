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
 *   <li>overshoot: the loss stands far above every loss before it, in the first steps before it
 *       rose ({@link Overshoot});
 *   <li>jump: single values stand many spreads above the low and hold most of the highest rise;
 *   <li>drift: the medium level stands above the low and the fast level is not below the medium, so
 *       it is still rising;
 *   <li>creep, a warning: the slow level stands a little above its own lowest, for long.
 * </ul>
 *
 * <p>Losses that may be negative (policy gradients, adversaries) wander, so only the jump is judged
 * for them, in units of how far they stray ({@link Wander}). After a jump ({@link
 * RunSeries#mayBeHealing}) drift and creep wait: a loss that heals falls slowly, and the jump has a
 * sign of its own. Assumes that a positive loss stays near its low when healthy, as losses that are
 * minimised do. But for overshoot silent until the trend is ready, also after a declared change of
 * batch size; all rows are forgotten at a rewind. The learning rate plays no part.
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

  /** Step of the first value of the row that overshoots. */
  private static final int OVERSHOOT_STEP = OVERSHOOT + Overshoot.CELLS;

  private static final int WANDER = OVERSHOOT_STEP + 1;

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
    return WANDER + Wander.CELLS;
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
        memory[PEAK] = 0;
        Wander.restart(memory, WANDER);
        memory[SLOW_SEEN] = 0;
      }
    }
    if (overshoots(memory)
        || memory[JUMP] >= policy.jumpPersistence()
        || memory[DRIFT] >= policy.driftPersistence()) {
      return Severity.CRITICAL;
    }
    return memory[CREEP] >= policy.creepPersistence() ? Severity.WARNING : null;
  }

  private boolean overshoots(double[] memory) {
    return Overshoot.row(memory, OVERSHOOT) >= policy.overshootPersistence();
  }

  private void countOvershoot(Reading reading, RunSeries series, double[] memory) {
    if (series.lossMayBeNegative() || Trend.count(series.loss(), 0) <= 1) {
      // Nothing to compare with: a loss that may be negative, or one of another batch size.
      Overshoot.restart(memory, OVERSHOOT);
    }
    if (!series.lossMayBeNegative() && !reading.batchIsOther()) {
      if (Trend.ready(series.loss(), 0)) {
        double spreads = policy.jumpSpreads() * Trend.floorOfSpread(series.loss(), 0);
        double distance = Math.max(policy.overshoot(), spreads);
        Overshoot.update(memory, OVERSHOOT, reading.lossValue(), distance);
      } else {
        double distance = Overshoot.distance(memory, OVERSHOOT, policy.overshoot());
        Overshoot.updateRising(memory, OVERSHOOT, reading.lossValue(), distance);
      }
      if (Overshoot.row(memory, OVERSHOOT) == 1) {
        memory[OVERSHOOT_STEP] = reading.step();
      }
    }
  }

  private void countRows(Reading reading, RunSeries series, double[] memory) {
    double[] loss = series.loss();
    boolean linear = series.lossIsLinear();
    double spread =
        linear
            ? Wander.learn(memory, WANDER, loss, reading.lossValue())
            : Trend.floorOfSpread(loss, 0);
    double low = Trend.low(loss, 0);
    // A level that has settled is the new low of the slow level too.
    memory[SLOW_LOW] = Math.max(memory[SLOW_LOW], low);
    double least = linear ? 0 : policy.rise();
    double rise = reading.lossValue() - low;
    memory[PEAK] = Math.max(memory[PEAK] * PEAK_FADE, rise);
    boolean jumped =
        rise >= Math.max(policy.jumpSpreads() * spread, least)
            && rise >= policy.held() * memory[PEAK];
    memory[JUMP] = jumped ? memory[JUMP] + 1 : 0;
    double medium = Trend.medium(loss, 0);
    boolean slowSigns = !linear && !series.mayBeHealing();
    boolean drifted =
        slowSigns
            && medium - low >= Math.max(policy.driftSpreads() * spread, least)
            && medium > Trend.slow(loss, 0)
            && Trend.fast(loss, 0) >= medium;
    memory[DRIFT] = drifted ? memory[DRIFT] + 1 : 0;
    boolean crept = slowSigns && creeps(reading, series, spread, memory);
    memory[CREEP] = crept ? memory[CREEP] + 1 : 0;
  }

  private boolean creeps(Reading reading, RunSeries series, double spread, double[] memory) {
    double slow = Trend.slow(series.loss(), 0);
    if (memory[SLOW_SEEN] == 0 || slow <= memory[SLOW_LOW]) {
      memory[SLOW_SEEN] = 1;
      memory[SLOW_LOW] = slow;
      memory[SLOW_LOW_STEP] = reading.step();
    }
    return slow - memory[SLOW_LOW] >= Math.max(policy.creepSpreads() * spread, policy.creep());
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    double[] loss = series.loss();
    if (overshoots(memory)) {
      double highest = StrictMath.exp(Overshoot.highest(memory, OVERSHOOT));
      long onset = (long) memory[OVERSHOOT_STEP];
      return condition(
          reading,
          series,
          surroundings,
          Trend.ready(loss, 0) ? unit(series, Trend.low(loss, 0)) : highest,
          onset,
          Words.sentence(
              "The loss is far above all before it: %s at step %d, at most %s before step %d.",
              Words.number(now(reading, series)), reading.step(), Words.number(highest), onset));
    }
    boolean jumped = memory[JUMP] >= policy.jumpPersistence();
    boolean drifted = memory[DRIFT] >= policy.driftPersistence();
    if (!jumped && !drifted && memory[CREEP] >= policy.creepPersistence()) {
      return creeping(reading, series, memory, surroundings);
    }
    double baseline = unit(series, Trend.low(loss, 0));
    long onset = Trend.lowStep(loss, 0);
    String level = Words.number(baseline);
    return condition(
        reading,
        series,
        surroundings,
        baseline,
        onset,
        drifted && !jumped
            ? Words.sentence(
                "The loss drifts away: its level is %s at step %d, was %s at step %d and still"
                    + " rises.",
                Words.number(unit(series, Trend.medium(loss, 0))), reading.step(), level, onset)
            : Words.sentence(
                "The loss left its level: %s at step %d, it was %s at step %d and has not come"
                    + " back.",
                Words.number(now(reading, series)), reading.step(), level, onset));
  }

  private static Condition creeping(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    double baseline = unit(series, memory[SLOW_LOW]);
    double level = unit(series, Trend.slow(series.loss(), 0));
    long onset = (long) memory[SLOW_LOW_STEP];
    return condition(
        reading,
        series,
        surroundings,
        baseline,
        onset,
        Words.sentence(
            "The loss creeps upwards: its slow level is %s at step %d, it was %s at step %d.",
            Words.number(level), reading.step(), Words.number(baseline), onset));
  }

  private static Condition condition(
      Reading reading,
      RunSeries series,
      Surroundings surroundings,
      double baseline,
      long onset,
      String summary) {
    double[] loss = series.loss();
    double above = Trend.fast(loss, 0) - Trend.low(loss, 0);
    return new Condition(
        onset,
        List.of(
            new Evidence("loss", reading.loss()),
            new Evidence("loss_baseline", baseline),
            new Evidence(
                "loss_rise_spreads",
                Trend.ready(loss, 0) ? above / Trend.floorOfSpread(loss, 0) : Double.NaN),
            new Evidence("loss_growth_rate_per_step", series.lossGrowthPerStep())),
        List.of(),
        new Remedies(surroundings)
            .retry(onset)
            .lowerLearningRate()
            .clip()
            .add(
                ActionKind.CHECK_DATA,
                (double) onset,
                "Check the batches from step " + onset + " on.")
            .list(),
        summary);
  }

  /** The loss of this step, or its level where the step has none. */
  private static double now(Reading reading, RunSeries series) {
    return Double.isFinite(reading.loss())
        ? reading.loss()
        : unit(series, Trend.fast(series.loss(), 0));
  }

  /** A level of the loss in the loss's own unit. */
  private static double unit(RunSeries series, double level) {
    return series.lossIsLinear() ? level : StrictMath.exp(level);
  }
}
