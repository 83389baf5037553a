package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Alarm.ImplicatedLayer;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.signal.LayerSeries;
import java.util.List;

/**
 * The last time that the weights of one layer jumped between two observations. A norm cannot change
 * by more than the norm of the update (triangle inequality): where it did, the optimizer was not
 * the cause, and memory or an accelerator may be.
 */
final class WeightJump {
  static final int CELLS = 5;

  /** Times its update norm that a weight norm may change by; 2 leaves room for rounded norms. */
  private static final double EXPLAINED = 2;

  /** The layer, plus 1; 0: none jumped. */
  private static final int LAYER = 0;

  private static final int STEP = 1;
  private static final int FROM = 2;
  private static final int TO = 3;

  /** Update norm of that step; NaN when it is not known. */
  private static final int UPDATE = 4;

  private WeightJump() {}

  static void note(double[] cells, int at, int layer, double from, Reading reading, long lastStep) {
    float[] weights = reading.observation().layers(LayerSeries.WEIGHT_NORM);
    float[] updates = reading.observation().layers(LayerSeries.UPDATE_NORM);
    boolean told = updates != null && layer < updates.length && reading.step() - lastStep == 1;
    cells[at + LAYER] = layer + 1;
    cells[at + STEP] = reading.step();
    cells[at + FROM] = from;
    cells[at + TO] = weights == null ? Double.NaN : weights[layer];
    cells[at + UPDATE] = told && updates != null ? updates[layer] : Double.NaN;
  }

  /** True when a layer jumped after a step. */
  static boolean after(double[] cells, int at, long step) {
    return cells[at + LAYER] > 0 && cells[at + STEP] > step;
  }

  static Condition describe(
      double[] cells, int at, long onset, List<ImplicatedLayer> layers, Surroundings surroundings) {
    long step = (long) cells[at + STEP];
    double from = cells[at + FROM];
    double to = cells[at + TO];
    double update = cells[at + UPDATE];
    boolean corrupted = Math.abs(to - from) > EXPLAINED * update;
    Remedies remedies = new Remedies(surroundings).rollBack(step - 1);
    String cause = "";
    if (corrupted) {
      remedies.add(
          ActionKind.CHECK_HOST,
          (double) step,
          "Check memory and accelerators of the host: no optimizer step made the change of step "
              + step
              + ".");
      cause = "; the update of " + Words.number(update) + " does not explain that";
    }
    return new Condition(
        onset,
        List.of(
            new Evidence("weight_norm", to),
            new Evidence("weight_norm_baseline", from),
            new Evidence("update_norm", update)),
        layers,
        remedies.lowerLearningRate().list(),
        Words.sentence(
            "The weights of %s jumped at step %d: norm %s, it was %s%s.",
            surroundings.layerName((int) cells[at + LAYER] - 1),
            step,
            Words.number(to),
            Words.number(from),
            cause));
  }
}
