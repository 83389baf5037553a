package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.DepthGrowthPolicy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.stats.NaturalLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DEPTH_GROWTH: gradient norms that multiply from layer to layer on their way back, as those of a
 * badly initialised network do (X. Glorot, Y. Bengio, "Understanding the difficulty of training
 * deep feedforward neural networks", 2010). Statistic: slope of the least-squares line through
 * ln(gradient norm) over the place in forward order, of each observation by itself; it must be
 * steep, over enough layers, and the layers must lie on it. Norms that shrink on their way back are
 * VANISHING_GRADIENT. Needs no warm-up; no declared change matters, as all layers of one
 * observation share it. Where activations grow as the gradients do (plain ReLU layers), norms are
 * large in all layers alike and there is no slope to see.
 */
public final class DepthGrowthDetector implements Detector {
  /** Far beyond what sums in another order differ by. */
  private static final double MARGIN = 1e-6;

  private static final int ROW = 0;
  private static final int STEP = 1;

  /** Growth of ln(norm) from a layer to the one before it. */
  private static final int SLOPE = 2;

  private static final int FIRST_NORM = 3;
  private static final int LAST_NORM = 4;

  private final DepthGrowthPolicy policy;
  private final double steep;

  public DepthGrowthDetector(DepthGrowthPolicy policy) {
    this.policy = policy;
    this.steep = StrictMath.log(policy.factor());
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.DEPTH_GROWTH;
  }

  @Override
  public int cells(int layers) {
    return 5;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    float[] norms = reading.observation().layers(LayerSeries.GRAD_NORM);
    if (norms == null || reading.skipped()) {
      return memory[ROW] >= policy.persistence() ? Severity.WARNING : null;
    }
    if (!mayBeSteep(reading, norms) || !isSteep(reading, norms, memory)) {
      memory[ROW] = 0;
      return null;
    }
    if (memory[ROW]++ == 0) {
      memory[STEP] = reading.step();
    }
    return memory[ROW] >= policy.persistence() ? Severity.WARNING : null;
  }

  /**
   * False where the slope certainly is too small, as it is at nearly every step. Without means and
   * divisions: the places of n layers lie around (n - 1) / 2, and their squares sum up to (n^3 - n)
   * / 12. What the logs are measured from cancels.
   */
  private boolean mayBeSteep(Reading reading, float[] norms) {
    int layers = norms.length;
    if (layers < policy.layers()) {
      return false;
    }
    double first = reading.layerLog(0);
    double place = -(layers - 1) / 2.0;
    // Two sums: each addition waits for the one before it.
    double both = 0;
    double ofOthers = 0;
    int i = 0;
    for (; i + 1 < layers; i += 2) {
      both += place * (reading.layerLog(i) - first);
      ofOthers += (place + 1) * (reading.layerLog(i + 1) - first);
      place += 2;
    }
    if (i < layers) {
      both += place * (reading.layerLog(i) - first);
    }
    both += ofOthers;
    double places = ((double) layers * layers * layers - layers) / 12;
    // Also where a layer has no log, which makes the sum NaN or infinite.
    return !(-both < (steep - MARGIN) * places && Double.isFinite(both));
  }

  private boolean isSteep(Reading reading, float[] norms, double[] memory) {
    int count = 0;
    double meanPlace = 0;
    double meanLog = 0;
    double places = 0;
    double logs = 0;
    double both = 0;
    for (int i = 0; i < norms.length; i++) {
      if (norms[i] > 0 && norms[i] < Float.POSITIVE_INFINITY) {
        double log = reading.isUnscaled() ? reading.layerLog(i) : NaturalLog.of(norms[i]);
        count++;
        double fromPlace = i - meanPlace;
        double fromLog = log - meanLog;
        meanPlace += fromPlace / count;
        meanLog += fromLog / count;
        places += fromPlace * (i - meanPlace);
        logs += fromLog * (log - meanLog);
        both += fromPlace * (log - meanLog);
        memory[LAST_NORM] = norms[i];
        if (count == 1) {
          memory[FIRST_NORM] = norms[i];
        }
      }
    }
    memory[SLOPE] = -both / places;
    return count >= policy.layers()
        && memory[SLOPE] >= steep
        && both * both >= policy.straightness() * places * logs;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    long onset = (long) memory[STEP];
    float[] norms = reading.observation().layers(LayerSeries.GRAD_NORM);
    if (norms != null && !reading.skipped()) {
      isSteep(reading, norms, memory); // the numbers of now, also where the slope is gone
    }
    double factor = StrictMath.exp(memory[SLOPE]);
    return new Condition(
        onset,
        List.of(
            new Evidence("growth_per_layer", factor),
            new Evidence("grad_norm_first_layer", memory[FIRST_NORM]),
            new Evidence("grad_norm_last_layer", memory[LAST_NORM])),
        List.of(),
        new Remedies(surroundings)
            .add(
                ActionKind.CHECK_INITIALISATION,
                factor,
                "Initialise by Glorot or He: weights smaller by a factor of "
                    + Words.number(factor)
                    + " would keep the norms level.")
            .add(ActionKind.CHECK_ARCHITECTURE, "Add normalisation layers or residual connections.")
            .clip()
            .list(),
        Words.sentence(
            "Gradient norms grow %s times with every layer on their way back: %s in the last layer,"
                + " %s in the first.",
            Words.number(factor),
            Words.number(memory[LAST_NORM]),
            Words.number(memory[FIRST_NORM])));
  }
}
