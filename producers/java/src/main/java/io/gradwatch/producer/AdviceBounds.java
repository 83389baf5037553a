package io.gradwatch.producer;

/**
 * The trainer's own bounds of one kind of clip threshold; they always win over advice.
 *
 * @param floor lowest threshold ever applied, above 0
 * @param ceiling highest threshold ever applied, finite
 */
record AdviceBounds(double floor, double ceiling) {
  AdviceBounds {
    if (!(floor > 0 && floor <= ceiling && ceiling < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "floor is %s and ceiling is %s, must be 0 < floor <= ceiling < infinity"
              .formatted(floor, ceiling));
    }
  }

  /** True for a number that gradients can be clipped to. */
  static boolean isThreshold(double value) {
    return value > 0 && value < Double.POSITIVE_INFINITY;
  }

  double clamp(double threshold) {
    return Math.min(ceiling, Math.max(floor, threshold));
  }
}
