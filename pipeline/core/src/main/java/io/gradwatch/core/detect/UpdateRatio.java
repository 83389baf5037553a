package io.gradwatch.core.detect;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Norm of a step's change of a layer's weights over the norm of these weights. */
final class UpdateRatio {
  /** What layers that learn have, within a factor of ten or so. */
  static final double USUAL = 1e-3;

  private UpdateRatio() {}

  /** The ratio of one layer; NaN when a norm is not reported or not finite or the weights are 0. */
  static double of(Observation observation, int layer) {
    float @Nullable [] weights = observation.layers(LayerSeries.WEIGHT_NORM);
    float @Nullable [] updates = observation.layers(LayerSeries.UPDATE_NORM);
    if (weights == null
        || updates == null
        || layer >= Math.min(weights.length, updates.length)
        || !(weights[layer] > 0 && weights[layer] <= Float.MAX_VALUE)
        || !(updates[layer] >= 0 && updates[layer] <= Float.MAX_VALUE)) {
      return Double.NaN;
    }
    return (double) updates[layer] / weights[layer];
  }

  /** The median over all layers that have one; NaN when none has. Allocates. */
  static double median(Observation observation) {
    float @Nullable [] weights = observation.layers(LayerSeries.WEIGHT_NORM);
    if (weights == null) {
      return Double.NaN;
    }
    double[] ratios =
        IntStream.range(0, weights.length)
            .mapToDouble(layer -> of(observation, layer))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return DoubleStream.of(ratios).skip(ratios.length / 2).findFirst().orElse(Double.NaN);
  }
}
