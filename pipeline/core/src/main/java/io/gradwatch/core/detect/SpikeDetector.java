package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.SpikePolicy;
import io.gradwatch.core.stats.Overshoot;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LOSS_SPIKE and GRADIENT_SPIKE: a single value far above the medium level of its series.
 * Statistic: robust z-score of the (log) value against the level and spread before it, and the
 * ratio to that level; both must be large, so that neither a quiet nor a rough series raises
 * trifles. The z-score asked for is higher while level and spread are known from few values. A
 * spike of the loss must cost a share of what the run has learned, see {@link SpikePolicy}. Until
 * the trend is ready, also after a declared change of batch size, a value is a spike when it stands
 * far above every one before it ({@link Overshoot}). A rewind forgets only that.
 */
public final class SpikeDetector implements Detector {
  /**
   * Values at which twice the z-score is asked for: a spread of twenty differences is known to a
   * fifth, its low tail is what makes spikes of nothing.
   */
  private static final double YOUTH = 2 * Trend.LEARNING;

  private static final int BASELINE = 0;
  private static final int SCORE = 1;
  private static final int OVERSHOOT = 2;

  private final AlarmKind kind;
  private final SpikePolicy policy;

  private SpikeDetector(AlarmKind kind, SpikePolicy policy) {
    this.kind = kind;
    this.policy = policy;
  }

  /** Spikes of the loss. */
  public static SpikeDetector ofLoss(SpikePolicy policy) {
    return new SpikeDetector(AlarmKind.LOSS_SPIKE, policy);
  }

  /** Spikes of the global gradient norm. */
  public static SpikeDetector ofGradient(SpikePolicy policy) {
    return new SpikeDetector(AlarmKind.GRADIENT_SPIKE, policy);
  }

  @Override
  public AlarmKind kind() {
    return kind;
  }

  @Override
  public int cells(int layers) {
    return OVERSHOOT + Overshoot.CELLS;
  }

  private boolean ofLoss() {
    return kind == AlarmKind.LOSS_SPIKE;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    double value = ofLoss() ? reading.lossValue() : reading.normValue();
    boolean linear = ofLoss() && series.lossIsLinear();
    if (!Double.isFinite(value) || reading.batchIsOther()) {
      return null;
    }
    double score = ofLoss() ? reading.lossScore() : reading.normScore();
    double[] trend = ofLoss() ? series.loss() : series.norm();
    if (Double.isNaN(score)) {
      if (Trend.count(trend, 0) <= 1) {
        Overshoot.restart(memory, OVERSHOOT);
      }
      return linear ? null : judgeYoung(value, memory);
    }
    double rise = ofLoss() ? reading.lossRise() : reading.normRise();
    double least = policy.spreads() * (1 + YOUTH / Trend.count(trend, 0));
    boolean trifle = !linear && (rise < policy.rise() || costsLittle(value, rise, trend));
    if (score < least || trifle) {
      return null;
    }
    memory[BASELINE] = linear ? value - rise : StrictMath.exp(value - rise);
    memory[SCORE] = score;
    return Severity.WARNING;
  }

  private @Nullable Severity judgeYoung(double value, double[] memory) {
    double highest = Overshoot.highest(memory, OVERSHOOT);
    Overshoot.update(memory, OVERSHOOT, value, policy.overshoot());
    if (Overshoot.row(memory, OVERSHOOT) == 0) {
      return null;
    }
    memory[BASELINE] = StrictMath.exp(highest);
    memory[SCORE] = Double.NaN;
    return Severity.WARNING;
  }

  private boolean costsLittle(double value, double rise, double[] trend) {
    double cost = StrictMath.exp(value) - StrictMath.exp(value - rise);
    double learned = StrictMath.exp(Trend.high(trend, 0)) - StrictMath.exp(Trend.low(trend, 0));
    return cost < policy.learned() * learned;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    double value = ofLoss() ? reading.loss() : reading.norm();
    String name = ofLoss() ? "loss" : "grad_norm";
    Remedies remedies = new Remedies(surroundings);
    remedies.add(
        ActionKind.WAIT, "Wait: a single spike mostly heals by itself; a page follows if not.");
    remedies.clip();
    remedies.add(
        ActionKind.CHECK_DATA,
        (double) reading.step(),
        "If it comes again, look at the batch of step " + reading.step() + ".");
    return new Condition(
        reading.step(),
        List.of(
            new Evidence(name, value),
            new Evidence(name + "_baseline", memory[BASELINE]),
            new Evidence("score_spreads", memory[SCORE])),
        List.of(),
        remedies.list(),
        Words.sentence(
            "The %s jumped to %s at step %d, %s %s.",
            ofLoss() ? "loss" : "gradient norm",
            Words.number(value),
            reading.step(),
            Double.isNaN(memory[SCORE]) ? "the highest before was" : "usual is",
            Words.number(memory[BASELINE])));
  }
}
