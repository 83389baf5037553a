package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.NonFinitePolicy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * NON_FINITE: a NaN or infinity in loss, gradient or weights. Statistic: how many observations in a
 * row have one. A step whose update the loss scaler skipped is how mixed precision finds its scale
 * and is counted apart; only a long row of skips is a disturbance, or a scale that falls and falls
 * without one rise in between ({@link ScaleFall}). All this survives a change of batch size and is
 * forgotten at a rewind. A finite loss over a non-finite gradient counts: filters hide NaN from the
 * loss that is logged.
 */
public final class NonFiniteDetector implements Detector {
  private static final int ROW = 0;
  private static final int ROW_STEP = 1;
  private static final int SKIPS = 2;
  private static final int SKIPS_STEP = 3;
  private static final int FALL = 4;

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
    return FALL + ScaleFall.CELLS;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    count(memory, ROW, reading.nonFinite() && !reading.skipped(), reading.step());
    count(memory, SKIPS, reading.skipped(), reading.step());
    double scale = reading.observation().get(Scalar.LOSS_SCALE);
    ScaleFall.update(memory, FALL, reading.step(), scale, reading.skipped());
    if (memory[ROW] >= policy.persistence()
        || memory[SKIPS] >= policy.skipsInRow()
        || ScaleFall.halvings(memory, FALL) >= policy.scaleHalvings()) {
      return Severity.CRITICAL;
    }
    return memory[ROW] > 0 || isDown(memory) ? Severity.WARNING : null;
  }

  private boolean isDown(double[] memory) {
    return ScaleFall.halvings(memory, FALL) > 0
        && ScaleFall.scale(memory, FALL) <= policy.leastScale();
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
    if (memory[ROW] > 0) {
      return notFinite(reading, memory, surroundings);
    }
    boolean skips = memory[SKIPS] >= policy.skipsInRow();
    long onset = (long) memory[SKIPS_STEP];
    double scale = ScaleFall.scale(memory, FALL);
    if (skips) {
      return scaler(
          reading,
          memory,
          surroundings,
          onset,
          Words.sentence(
              "The loss scaler has skipped %d updates in a row since step %d: no scale is low"
                  + " enough.",
              (long) memory[SKIPS], onset));
    }
    if (ScaleFall.halvings(memory, FALL) > 0) {
      onset = ScaleFall.onset(memory, FALL);
      return scaler(
          reading,
          memory,
          surroundings,
          onset,
          Words.sentence(
              "The loss scale falls and falls: it was %s at step %d, is %s at step %d and has not"
                  + " risen since.",
              Words.number(ScaleFall.highest(memory, FALL)),
              onset,
              Words.number(scale),
              reading.step()));
    }
    return notFinite(reading, memory, surroundings);
  }

  private static Condition notFinite(Reading reading, double[] memory, Surroundings surroundings) {
    long onset = memory[ROW] > 0 ? (long) memory[ROW_STEP] : reading.step();
    ImplicatedLayers layers = new ImplicatedLayers(surroundings);
    addLayers(layers, onset, reading);
    Remedies remedies = new Remedies(surroundings);
    remedies.retry(onset).lowerLearningRate().clip();
    remedies.add(
        ActionKind.CHECK_DATA, (double) onset, "Check the batches of steps around " + onset + ".");
    return new Condition(
        onset,
        List.of(
            new Evidence("loss", reading.loss()),
            new Evidence("grad_norm", reading.norm()),
            new Evidence("nonfinite_in_row", memory[ROW]),
            new Evidence("skipped_in_row", memory[SKIPS])),
        layers.byOnset(),
        remedies.list(),
        Words.sentence(
            "Not a finite number since step %d: %s.", onset, String.join(", ", what(reading))));
  }

  private static List<String> what(Reading reading) {
    List<String> what = new ArrayList<>();
    boolean loss = isNonFinite(reading, Scalar.LOSS);
    if (loss) {
      what.add("the loss");
    }
    boolean gradient =
        isNonFinite(reading, Scalar.GRAD_NORM)
            || isNonFinite(reading, Scalar.GRAD_ABS_MAX)
            || reading.observation().get(Scalar.NONFINITE_COUNT) > 0
            || Reading.anyNonFinite(reading.observation().layers(LayerSeries.GRAD_NORM));
    if (gradient) {
      what.add("gradients");
    }
    if (Reading.anyNonFinite(reading.observation().layers(LayerSeries.WEIGHT_NORM))) {
      what.add("weights");
    }
    if (!loss && Double.isFinite(reading.loss())) {
      what.add("while the loss still reads " + Words.number(reading.loss()));
    }
    return what.isEmpty() ? List.of("what was told then") : what;
  }

  private static boolean isNonFinite(Reading reading, Scalar scalar) {
    return Reading.isReportedNonFinite(reading.observation(), scalar);
  }

  private static void addLayers(ImplicatedLayers layers, long onset, Reading reading) {
    float[] gradients = reading.observation().layers(LayerSeries.GRAD_NORM);
    float[] weights = reading.observation().layers(LayerSeries.WEIGHT_NORM);
    int count = Math.max(length(gradients), length(weights));
    for (int i = 0; i < count; i++) {
      if (isNonFinite(gradients, i) || isNonFinite(weights, i)) {
        layers.add(i, onset);
      }
    }
  }

  private static int length(float @Nullable [] values) {
    return values == null ? 0 : values.length;
  }

  private static boolean isNonFinite(float @Nullable [] values, int index) {
    return values != null && index < values.length && !Float.isFinite(values[index]);
  }

  private static Condition scaler(
      Reading reading, double[] memory, Surroundings surroundings, long onset, String summary) {
    double scale = ScaleFall.scale(memory, FALL);
    Remedies remedies = new Remedies(surroundings);
    remedies.add(
        ActionKind.CHECK_LOSS_SCALE,
        scale,
        "Check the loss scale, or train in bfloat16 or float32.");
    remedies.rollBack(onset).lowerLearningRate().clip();
    return new Condition(
        onset,
        List.of(
            new Evidence("loss", reading.loss()),
            new Evidence("loss_scale", scale),
            new Evidence("loss_scale_halvings", ScaleFall.halvings(memory, FALL)),
            new Evidence("skipped_in_row", memory[SKIPS])),
        List.of(),
        remedies.list(),
        summary);
  }
}
