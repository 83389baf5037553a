package io.gradwatch.cli.console;

import io.gradwatch.console.api.SeriesPage;
import io.gradwatch.console.api.SeriesPage.Curve;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest curve of a run over steps that others share.
 *
 * @param steps first step of each stretch, rising
 * @param high largest value there
 */
record AlignedCurve(List<Long> steps, List<@Nullable Float> high) {
  /** The newest attempt that has the series. */
  static AlignedCurve of(SeriesPage page, String series) {
    AlignedCurve newest = new AlignedCurve(List.of(), List.of());
    for (SeriesPage.AttemptSeries attempt : page.attempts()) {
      Curve curve = attempt.series().get(series);
      if (curve != null && !curve.steps().isEmpty()) {
        newest = new AlignedCurve(curve.steps(), curve.high());
      }
    }
    return newest;
  }

  long first() {
    return steps.isEmpty() ? Long.MAX_VALUE : steps.get(0);
  }

  long last() {
    return steps.isEmpty() ? Long.MIN_VALUE : steps.get(steps.size() - 1);
  }

  /** A value for each of the columns from one step to another; null where there is none. */
  List<@Nullable Float> values(long from, long to, int columns) {
    List<@Nullable Float> values = new ArrayList<>();
    double width = (to - from + 1.0) / columns;
    int at = 0;
    for (int column = 0; column < columns; column++) {
      double end = from + (column + 1) * width;
      Float largest = null;
      while (at < steps.size() && steps.get(at) < end) {
        Float value = high.get(at++);
        largest = value != null && (largest == null || value > largest) ? value : largest;
      }
      values.add(largest);
    }
    return filled(values);
  }

  /** A stretch may be wider than a column: within the curve its value holds up to the next one. */
  private static List<@Nullable Float> filled(List<@Nullable Float> values) {
    int end = values.size();
    while (end > 0 && values.get(end - 1) == null) {
      end--;
    }
    List<@Nullable Float> filled = new ArrayList<>(values);
    for (int i = 1; i < end; i++) {
      if (filled.get(i) == null) {
        filled.set(i, filled.get(i - 1));
      }
    }
    return filled;
  }
}
