package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Alarm.ImplicatedLayer;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Words;
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

  /** The larger update norm of that step and the one before; NaN when one is not known. */
  private static final int UPDATE = 4;

  private WeightJump() {}

  /**
   * Remembers a jump.
   *
   * @param update the larger norm of the updates of this step and the one before; NaN when one is
   *     not known
   */
  static void note(
      double[] cells, int at, int layer, long step, double from, double to, double update) {
    cells[at + LAYER] = layer + 1;
    cells[at + STEP] = step;
    cells[at + FROM] = from;
    cells[at + TO] = to;
    cells[at + UPDATE] = update;
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
