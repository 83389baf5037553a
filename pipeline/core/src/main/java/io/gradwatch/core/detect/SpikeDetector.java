package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.SpikePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LOSS_SPIKE and GRADIENT_SPIKE: a single value far above the medium level of its series.
 * Statistic: robust z-score of the (log) value against the level and spread before it, and the
 * ratio to that level; both must be large, so that neither a quiet nor a rough series raises
 * trifles. Silent until the trend is ready, which is also so after a declared change of batch size.
 */
public final class SpikeDetector implements Detector {
  private static final int BASELINE = 0;
  private static final int SCORE = 1;

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
    return 2;
  }

  private boolean ofLoss() {
    return kind == AlarmKind.LOSS_SPIKE;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    double score = ofLoss() ? reading.lossScore() : reading.normScore();
    double rise = ofLoss() ? reading.lossRise() : reading.normRise();
    boolean linear = ofLoss() && series.lossIsLinear();
    if (!(score >= policy.spreads() && (linear || rise >= policy.rise()))) {
      return null;
    }
    double value = ofLoss() ? reading.lossValue() : reading.normValue();
    memory[BASELINE] = linear ? value - rise : StrictMath.exp(value - rise);
    memory[SCORE] = score;
    return Severity.WARNING;
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
            "The %s jumped to %s at step %d, usual is %s.",
            ofLoss() ? "loss" : "gradient norm",
            Words.number(value),
            reading.step(),
            Words.number(memory[BASELINE])));
  }
}
