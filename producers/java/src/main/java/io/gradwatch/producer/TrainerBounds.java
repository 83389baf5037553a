package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;
import org.jspecify.annotations.Nullable;

/**
 * What a trainer lets advice do; it always wins. Every answer is a number that can be applied,
 * whatever the advice says: what it says that cannot be counts as not said.
 *
 * @param threshold of the global norm
 * @param layers of each layer's norm; null: advice on layers is not taken
 * @param values of each component's size; null: advice on components is not taken
 * @param learningRateFloor lowest factor on the learning rate, above 0 and at most 1
 */
record TrainerBounds(
    AdviceBounds threshold,
    @Nullable AdviceBounds layers,
    @Nullable AdviceBounds values,
    double learningRateFloor) {
  static final long NO_STEP = -1;

  /** At least the floor, at most 1; 1 without advice. */
  double learningRateFactor(@Nullable ClipRecommendation advice) {
    Double factor = advice == null ? null : advice.getLearningRateFactor();
    return factor != null && factor >= 0 ? Math.min(1, Math.max(learningRateFloor, factor)) : 1;
  }

  /** From 0 to the step the advice was made at; {@link #NO_STEP} without advice. */
  long rollbackStep(@Nullable ClipRecommendation advice) {
    Long step = advice == null ? null : advice.getRollbackStep();
    return advice != null && step != null && step >= 0 && step <= advice.getMadeAtStep()
        ? step
        : NO_STEP;
  }

  /** The threshold of a layer, which need not exist. */
  double layerThreshold(@Nullable ClipRecommendation advice, int layer, double own) {
    double advised =
        advice == null ? Double.NaN : LayerValues.get(advice.getLayerClipThresholds(), layer);
    return within(layers, advised, own);
  }

  /** The bound of each component. */
  double clipValue(@Nullable ClipRecommendation advice, double own) {
    Double advised = advice == null ? null : advice.getClipValue();
    return within(values, advised == null ? Double.NaN : advised, own);
  }

  private static double within(@Nullable AdviceBounds bounds, double advised, double own) {
    if (bounds != null && AdviceBounds.isThreshold(advised)) {
      return bounds.clamp(advised);
    }
    if (!Double.isNaN(own)) {
      return own;
    }
    return bounds == null ? Double.POSITIVE_INFINITY : bounds.ceiling();
  }
}
