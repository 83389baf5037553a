package io.gradwatch.producer;

/**
 * The trainer's own bounds of a clip threshold; they always win over advice.
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

  double clamp(double threshold) {
    return Math.min(ceiling, Math.max(floor, threshold));
  }
}
