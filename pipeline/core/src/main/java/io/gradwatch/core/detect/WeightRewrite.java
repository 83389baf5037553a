package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.signal.LayerSeries;
import java.util.List;

/**
 * For how many observations in a row the updates have been so large that a few of them replace the
 * weights, and have not paid. Counts observations at which most layers changed by more than a share
 * of their norm; a single layer may do so for good reasons (it starts at zero), most of them rarely
 * do. The loss of the first of them is that of weights not yet rewritten: while it is not exceeded
 * the row does not grow, as small networks may learn well in steps that large.
 */
final class WeightRewrite {
  static final int CELLS = 4;

  /** Share of the layers that must take part. */
  private static final double MOST = 0.75;

  /** Ratio of update to weight that is usual while training goes well. */
  private static final double USUAL_RATIO = 0.001;

  private static final int ROW = 0;
  private static final int STEP = 1;

  /** Norm of the whole update over the norm of all weights. */
  private static final int RATIO = 2;

  /** Loss of the first observation of the row. */
  private static final int LOSS = 3;

  private WeightRewrite() {}

  static void count(double[] cells, int at, Reading reading, double share) {
    float[] weights = reading.observation().layers(LayerSeries.WEIGHT_NORM);
    float[] updates = reading.observation().layers(LayerSeries.UPDATE_NORM);
    if (weights == null || updates == null || reading.skipped()) {
      return;
    }
    int layers = Math.min(weights.length, updates.length);
    int rewritten = 0;
    double weightSum = 0;
    double updateSum = 0;
    for (int i = 0; i < layers; i++) {
      double weight = weights[i];
      double update = updates[i];
      if (Float.isFinite(weights[i]) && Float.isFinite(updates[i])) {
        rewritten += update > share * weight ? 1 : 0;
        weightSum += weight * weight;
        updateSum += update * update;
      }
    }
    if (rewritten == 0 || rewritten < MOST * layers) {
      cells[at + ROW] = 0;
      return;
    }
    if (cells[at + ROW] == 0) {
      cells[at + STEP] = reading.step();
      cells[at + LOSS] = reading.loss();
    }
    // A loss that is not a number has not paid either.
    boolean paid = reading.loss() <= cells[at + LOSS];
    cells[at + ROW] = paid ? 1 : cells[at + ROW] + 1;
    cells[at + RATIO] = Math.sqrt(updateSum / weightSum);
  }

  static double row(double[] cells, int at) {
    return cells[at + ROW];
  }

  static Condition describe(double[] cells, int at, Surroundings surroundings) {
    long onset = (long) cells[at + STEP];
    double ratio = cells[at + RATIO];
    double factor = USUAL_RATIO / ratio;
    return new Condition(
        onset,
        List.of(new Evidence("update_to_weight", ratio)),
        List.of(),
        new Remedies(surroundings)
            .add(
                ActionKind.LOWER_LEARNING_RATE,
                factor,
                "Multiply the learning rate by "
                    + Words.number(factor)
                    + ": updates near a thousandth of the weights are usual.")
            .rollBack(onset)
            .clip()
            .list(),
        Words.sentence(
            "Since step %d the updates rewrite the weights: each changes them by %s %%, a tenth of a"
                + " percent is usual.",
            onset, Words.number(100 * ratio)));
  }
}
