package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.InstabilityPolicy;
import io.gradwatch.core.stats.Roughness;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INSTABILITY: loss and gradient norm grow rough, or begin to swing to and fro, as training does
 * beyond the edge of stability (J. Cohen et al., "Gradient Descent on Neural Networks Typically
 * Occurs at the Edge of Stability", 2021). Statistic: {@link Roughness} of the loss itself, whose
 * noise does not grow while it falls, and of ln(norm). Smaller batches as a remedy against swings,
 * which are sharp minima: N. Keskar et al., "On Large-Batch Training for Deep Learning", 2017. A
 * series that swung since it was first known has that from its batches and is not judged for it.
 * Silent for {@link Roughness#LEARNING} values at first, after a declared change of batch size, a
 * change of measure (the norm) and a rewind.
 */
public final class InstabilityDetector implements Detector {
  /** Correlation above which a series is known to be calm: no half of the way to a swing. */
  private static final double CALM_SHARE = 0.5;

  private static final int ROW = 0;
  private static final int STEP = 1;
  private static final int BATCH = 2;
  private static final int LOSS_WAS_CALM = 3;
  private static final int NORM_WAS_CALM = 4;
  private static final int LOSS = 5;
  private static final int NORM = LOSS + Roughness.CELLS;

  private final InstabilityPolicy policy;

  public InstabilityDetector(InstabilityPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.INSTABILITY;
  }

  @Override
  public int cells(int layers) {
    return NORM + Roughness.CELLS;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    if (memory[BATCH] != series.batchSize()) {
      Arrays.fill(memory, 0);
      memory[BATCH] = series.batchSize();
    }
    if (NormMeasure.changedAt(series.measure(), reading.step())) {
      Roughness.restart(memory, NORM);
    }
    if (!reading.batchIsOther()) {
      learn(memory, LOSS, reading.loss());
      learn(memory, NORM, reading.normValue());
    }
    boolean lossSwings = swings(memory, LOSS, LOSS_WAS_CALM);
    boolean normSwings = swings(memory, NORM, NORM_WAS_CALM);
    if (!lossSwings && !normSwings && !isRough(memory)) {
      memory[ROW] = 0;
      return null;
    }
    if (memory[ROW]++ == 0) {
      memory[STEP] = reading.step();
    }
    return memory[ROW] >= policy.persistence() ? Severity.WARNING : null;
  }

  private static void learn(double[] memory, int at, double value) {
    if (Double.isFinite(value)) {
      Roughness.update(memory, at, value);
    }
  }

  private boolean isRough(double[] memory) {
    double loss = Roughness.ratio(memory, LOSS);
    double norm = Roughness.ratio(memory, NORM);
    double one = policy.roughness();
    return (loss >= one && norm >= one) || loss >= one * one || norm >= one * one;
  }

  private boolean swings(double[] memory, int at, int wasCalm) {
    double correlation = Roughness.correlation(memory, at);
    if (correlation > CALM_SHARE * policy.swing()) {
      memory[wasCalm] = 1;
    }
    return memory[wasCalm] > 0 && correlation <= policy.swing();
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    long onset = (long) memory[STEP];
    double loss = Roughness.ratio(memory, LOSS);
    double norm = Roughness.ratio(memory, NORM);
    double lossSwing = Roughness.correlation(memory, LOSS);
    double normSwing = Roughness.correlation(memory, NORM);
    boolean rough = isRough(memory);
    Remedies remedies = new Remedies(surroundings).lowerLearningRate().clip();
    if (!rough) {
      remedies.halveBatch(series.batchSize(), "they find minima in which steps do not overshoot");
    }
    String summary =
        rough
            ? Words.sentence(
                "Training has grown rough since step %d: the loss varies %s times as much as usual"
                    + " from step to step, the gradient norm %s times.",
                onset, Words.number(loss), Words.number(norm))
            : Words.sentence(
                "Training swings to and fro since step %d: neighbouring values correlate by %s"
                    + " (loss) and %s (gradient norm).",
                onset, Words.number(lossSwing), Words.number(normSwing));
    return new Condition(
        onset,
        List.of(
            new Evidence("loss_roughness", loss),
            new Evidence("grad_norm_roughness", norm),
            new Evidence("loss_swing", lossSwing),
            new Evidence("grad_norm_swing", normSwing)),
        List.of(),
        remedies.list(),
        summary);
  }
}
