package io.gradwatch.console.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Smallest and largest of some values.
 *
 * @param low infinity when there are none
 * @param high minus infinity when there are none
 */
record Extent(double low, double high) {
  static final Extent NONE = new Extent(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  boolean isEmpty() {
    return !(low <= high);
  }

  /**
   * With more values; what is null, not finite, or not positive where that is asked for, is not
   * counted.
   */
  Extent with(List<@Nullable Float> values, boolean positive) {
    double least = low;
    double most = high;
    for (Float value : values) {
      if (value != null && Float.isFinite(value) && (value > 0 || !positive)) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    return new Extent(least, most);
  }
}
