package io.gradwatch.lab;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.util.Random;

/**
 * Steps of a healthy run that stands still, with noise; the same every time. Each layer has a level
 * of its own, as those of real networks do: what a processor guesses right of equal layers it does
 * not of these.
 */
public final class SyntheticSteps {
  /** What the trainer reports of each layer. */
  public enum Reported {
    /** The norm of its gradient. */
    GRADIENTS,
    /** That, and the norms of its weights and of their change. */
    ALL_NORMS
  }

  /** Spread of ln(level) over the layers. */
  private static final double BETWEEN_LAYERS = 2;

  private SyntheticSteps() {}

  /**
   * So many steps.
   *
   * @param layers of each
   */
  public static Observation[] of(int count, int layers, Reported reported) {
    Random random = new Random(1);
    double[] levels =
        new Random(2).doubles(layers, -1, 1).map(x -> Math.exp(BETWEEN_LAYERS * x)).toArray();
    Observation[] steps = new Observation[count];
    for (int i = 0; i < count; i++) {
      steps[i] =
          new Observation()
              .set(Scalar.LOSS, 2 + 0.05 * random.nextGaussian())
              .set(Scalar.GRAD_NORM, Math.exp(0.1 * random.nextGaussian()))
              .setLayers(LayerSeries.GRAD_NORM, around(random, levels, 1, 0.1));
      if (reported == Reported.ALL_NORMS) {
        steps[i]
            .setLayers(LayerSeries.WEIGHT_NORM, around(random, levels, 10, 1e-4))
            .setLayers(LayerSeries.UPDATE_NORM, around(random, levels, 0.01, 0.1));
      }
    }
    return steps;
  }

  /** A value for every layer near its level, with noise of that size in its logarithm. */
  private static float[] around(Random random, double[] levels, double factor, double noise) {
    float[] values = new float[levels.length];
    for (int k = 0; k < levels.length; k++) {
      values[k] = (float) (factor * levels[k] * Math.exp(noise * random.nextGaussian()));
    }
    return values;
  }
}
