package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.NonFinitePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * NON_FINITE: a NaN or infinity in loss, gradient or weights. Statistic: how many observations in a
 * row have one. A step whose update the loss scaler skipped is how mixed precision finds its scale
 * and is counted apart; only a long row of skips is a disturbance. The row survives a change of
 * batch size and is forgotten at a rewind. A finite loss over a non-finite gradient counts: filters
 * hide NaN from the loss that is logged.
 */
public final class NonFiniteDetector implements Detector {
  private static final int ROW = 0;
  private static final int ROW_STEP = 1;
  private static final int SKIPS = 2;
  private static final int SKIPS_STEP = 3;

  private final NonFinitePolicy policy;

  public NonFiniteDetector(NonFinitePolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.NON_FINITE;
  }

  @Override
  public int cells(int layers) {
    return 4;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    count(memory, ROW, reading.nonFinite() && !reading.skipped(), reading.step());
    count(memory, SKIPS, reading.skipped(), reading.step());
    if (memory[ROW] >= policy.persistence() || memory[SKIPS] >= policy.skipsInRow()) {
      return Severity.CRITICAL;
    }
    return memory[ROW] > 0 ? Severity.WARNING : null;
  }

  private static void count(double[] memory, int row, boolean seen, long step) {
    if (!seen) {
      memory[row] = 0;
    } else if (memory[row]++ == 0) {
      memory[row + 1] = step;
    }
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    boolean scaler = memory[SKIPS] > memory[ROW];
    long onset = (long) memory[scaler ? SKIPS_STEP : ROW_STEP];
    Remedies remedies = new Remedies(surroundings);
    String summary;
    if (scaler) {
      summary =
          Words.sentence(
              "The loss scaler has skipped %d updates in a row since step %d: no scale is low enough.",
              (long) memory[SKIPS], onset);
      remedies.add(
          ActionKind.CHECK_LOSS_SCALE, "Check the loss scale, or train in bfloat16 or float32.");
    } else {
      summary =
          Words.sentence(
              "NaN or infinity since step %d (loss %s, gradient norm %s).",
              onset, Words.number(reading.loss()), Words.number(reading.norm()));
    }
    remedies.rollBack(onset).lowerLearningRate().clip();
    remedies.add(ActionKind.CHECK_DATA, "Check the batches of steps around " + onset + ".");
    return new Condition(
        onset,
        List.of(
            new Evidence("loss", reading.loss()),
            new Evidence("grad_norm", reading.norm()),
            new Evidence("nonfinite_in_row", memory[ROW]),
            new Evidence("skipped_in_row", memory[SKIPS])),
        List.of(),
        remedies.list(),
        summary);
  }
}
