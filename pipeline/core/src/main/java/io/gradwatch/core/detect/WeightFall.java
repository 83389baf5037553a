package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Words;
import java.util.List;

/** The first layer of an episode whose weights went to zero, and for how long some are there. */
final class WeightFall {
  static final int CELLS = 4;

  /** Observations in a row with a layer at zero. */
  private static final int ROW = 0;

  /** The layer, plus 1; 0: none fell. */
  private static final int LAYER = 1;

  private static final int STEP = 2;

  /** Its last norm above 0. */
  private static final int NORM = 3;

  private WeightFall() {}

  /** Takes a layer that is at zero. */
  static void note(double[] cells, int at, int layer, long step, double lastNorm) {
    if (cells[at + LAYER] == 0) {
      cells[at + LAYER] = layer + 1;
      cells[at + STEP] = step;
      cells[at + NORM] = lastNorm;
    }
  }

  /** Ends an observation. */
  static void count(double[] cells, int at, boolean any) {
    cells[at + ROW] = any ? cells[at + ROW] + 1 : 0;
    cells[at + LAYER] = any ? cells[at + LAYER] : 0;
  }

  static double row(double[] cells, int at) {
    return cells[at + ROW];
  }

  static Condition describe(double[] cells, int at, Surroundings surroundings) {
    int layer = (int) cells[at + LAYER] - 1;
    long step = (long) cells[at + STEP];
    String norm = Words.number(cells[at + NORM]);
    ImplicatedLayers layers = new ImplicatedLayers(surroundings);
    layers.add(layer, step, Double.NaN);
    return new Condition(
        step,
        List.of(new Evidence("weight_norm_baseline", cells[at + NORM])),
        layers.byOnset(),
        new Remedies(surroundings)
            .rollBack(step - 1)
            .add(ActionKind.OTHER, "Check weight decay, pruning and masks of this layer.")
            .list(),
        Words.sentence(
            "The weights of %s went to zero at step %d, their last norm was %s.",
            surroundings.layerName(layer), step, norm));
  }
}
