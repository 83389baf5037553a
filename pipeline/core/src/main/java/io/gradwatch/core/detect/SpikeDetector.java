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
import java.util.ArrayList;
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
 *
 * <p>Where histograms of |gradient| are reported, a {@link GradientTail} that reaches out as far
 * above its level is a spike of the gradient too, whatever the norm does.
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

  /** Step of the newest spike of the value itself, plus 1; 0: there was none. */
  private static final int SPIKED = OVERSHOOT + Overshoot.CELLS;

  private static final int TAIL = SPIKED + 1;

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
    return ofLoss() ? TAIL : TAIL + GradientTail.CELLS;
  }

  private boolean ofLoss() {
    return kind == AlarmKind.LOSS_SPIKE;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    boolean tail = !ofLoss() && GradientTail.jumps(memory, TAIL, reading, series, policy);
    boolean spike = isSpike(reading, series, memory);
    memory[SPIKED] = spike ? reading.step() + 1 : memory[SPIKED];
    return spike || tail ? Severity.WARNING : null;
  }

  private boolean isSpike(Reading reading, RunSeries series, double[] memory) {
    double value = ofLoss() ? reading.lossValue() : reading.normValue();
    boolean linear = ofLoss() && series.lossIsLinear();
    double[] trend = ofLoss() ? series.loss() : series.norm();
    if (Trend.count(trend, 0) <= 1) {
      // The first value, or the first one of another measure.
      Overshoot.restart(memory, OVERSHOOT);
    }
    if (!Double.isFinite(value) || reading.batchIsOther()) {
      return false;
    }
    double score = ofLoss() ? reading.lossScore() : reading.normScore();
    if (Double.isNaN(score)) {
      return !(ofLoss() && series.lossMayBeNegative()) && isYoungSpike(value, memory);
    }
    double rise = ofLoss() ? reading.lossRise() : reading.normRise();
    double least = policy.spreads() * (1 + YOUTH / Trend.count(trend, 0));
    if (score < least) {
      return false;
    }
    if (!linear && (rise < policy.rise() || costsLittle(value, rise, trend))) {
      return false;
    }
    memory[BASELINE] = linear ? value - rise : StrictMath.exp(value - rise);
    memory[SCORE] = score;
    return true;
  }

  private boolean isYoungSpike(double value, double[] memory) {
    double highest = Overshoot.highest(memory, OVERSHOOT);
    double distance = Overshoot.distance(memory, OVERSHOOT, policy.overshoot());
    Overshoot.update(memory, OVERSHOOT, value, distance);
    if (Overshoot.row(memory, OVERSHOOT) == 0) {
      return false;
    }
    memory[BASELINE] = StrictMath.exp(highest);
    memory[SCORE] = Double.NaN;
    return true;
  }

  private boolean costsLittle(double value, double rise, double[] trend) {
    double cost = StrictMath.exp(value) - StrictMath.exp(value - rise);
    double learned = StrictMath.exp(Trend.high(trend, 0)) - StrictMath.exp(Trend.low(trend, 0));
    return cost < policy.learned() * learned;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    long step = reading.step();
    boolean tail = !ofLoss() && GradientTail.jumpedAt(memory, TAIL, step);
    List<Evidence> evidence = new ArrayList<>();
    List<String> sentences = new ArrayList<>();
    if (!tail || memory[SPIKED] == step + 1) {
      evidence.addAll(evidenceOfValue(reading, memory));
      sentences.add(sentence(reading, memory));
    }
    Remedies remedies = new Remedies(surroundings);
    remedies.add(
        ActionKind.WAIT, "Wait: a single spike mostly heals by itself; a page follows if not.");
    if (tail) {
      evidence.add(GradientTail.evidence(memory, TAIL));
      evidence.add(GradientTail.baseline(memory, TAIL));
      sentences.add(GradientTail.sentence(memory, TAIL, step));
      remedies.clipByValue(GradientTail.bound(memory, TAIL));
    }
    remedies.clip();
    remedies.add(
        ActionKind.CHECK_DATA,
        (double) step,
        "If it comes again, look at the batch of step " + step + ".");
    return new Condition(step, evidence, List.of(), remedies.list(), String.join(" ", sentences));
  }

  private List<Evidence> evidenceOfValue(Reading reading, double[] memory) {
    String name = ofLoss() ? "loss" : "grad_norm";
    return List.of(
        new Evidence(name, ofLoss() ? reading.loss() : reading.norm()),
        new Evidence(name + "_baseline", memory[BASELINE]),
        new Evidence("score_spreads", memory[SCORE]));
  }

  private String sentence(Reading reading, double[] memory) {
    return Words.sentence(
        "The %s jumped to %s at step %d, %s %s.",
        ofLoss() ? "loss" : "gradient norm",
        Words.number(ofLoss() ? reading.loss() : reading.norm()),
        reading.step(),
        Double.isNaN(memory[SCORE]) ? "the highest before was" : "usual is",
        Words.number(memory[BASELINE]));
  }
}
