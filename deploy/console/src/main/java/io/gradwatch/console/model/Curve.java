package io.gradwatch.console.model;

import io.gradwatch.console.api.SeriesPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One series of one attempt in bounded memory: of each stretch of steps the smallest, the largest
 * and the newest finite value, so that no extreme is lost however long the run is.
 */
final class Curve implements Stretches.Kept {
  /** Enough for a plot 1,000 pixels wide; 5 KB when full. */
  static final int CAPACITY = 400;

  private static final int MOST_NONFINITE = 64;
  private static final int FIRST_LENGTH = 16;

  private final Stretches stretches = new Stretches(CAPACITY);
  private float[] low = empty(FIRST_LENGTH);
  private float[] high = empty(FIRST_LENGTH);
  private float[] last = empty(FIRST_LENGTH);
  private final List<Long> nonfinite = new ArrayList<>();

  /** One more value. */
  void add(long step, double value) {
    if (!Double.isFinite(value)) {
      if (nonfinite.size() < MOST_NONFINITE) {
        nonfinite.add(step);
      }
      return;
    }
    int index = stretches.indexOf(step, this);
    grow(index + 1);
    float single = finite(value);
    low[index] = Float.isNaN(low[index]) ? single : Math.min(low[index], single);
    high[index] = Float.isNaN(high[index]) ? single : Math.max(high[index], single);
    last[index] = single;
  }

  /**
   * The curve between two steps, both included, in at most so many stretches.
   *
   * @param points at least 1
   */
  SeriesPage.Curve view(long from, long to, int points) {
    int first = 0;
    int end = stretches.count();
    while (first < end && first + 1 < end && stretches.firstStep(first + 1) <= from) {
      first++;
    }
    while (end > first && stretches.firstStep(end - 1) > to) {
      end--;
    }
    int each = Math.max(1, (end - first + points - 1) / points);
    List<Long> steps = new ArrayList<>();
    List<@Nullable Float> lows = new ArrayList<>();
    List<@Nullable Float> highs = new ArrayList<>();
    List<@Nullable Float> lasts = new ArrayList<>();
    for (int i = first; i < end; i += each) {
      Extremes extremes = extremes(i, Math.min(i + each, end));
      if (!Float.isNaN(extremes.last())) {
        steps.add(stretches.firstStep(i));
        lows.add(extremes.low());
        highs.add(extremes.high());
        lasts.add(extremes.last());
      }
    }
    return new SeriesPage.Curve(
        steps,
        lows,
        highs,
        lasts,
        nonfinite.stream().filter(step -> step >= from && step <= to).toList());
  }

  /** As many values as asked for at most: the last of each part, or the largest. */
  List<@Nullable Float> trend(int points, boolean largest) {
    int count = stretches.count();
    List<@Nullable Float> trend = new ArrayList<>(points);
    int parts = Math.min(points, count);
    for (int part = 0; part < parts; part++) {
      Extremes extremes =
          extremes((int) ((long) part * count / parts), (int) ((part + 1L) * count / parts));
      float value = largest ? extremes.high() : extremes.last();
      trend.add(Float.isNaN(value) ? null : value);
    }
    return trend;
  }

  private record Extremes(float low, float high, float last) {}

  private Extremes extremes(int from, int end) {
    float least = Float.NaN;
    float most = Float.NaN;
    float newest = Float.NaN;
    for (int i = from; i < end && i < last.length; i++) {
      if (!Float.isNaN(last[i])) {
        least = Float.isNaN(least) ? low[i] : Math.min(least, low[i]);
        most = Float.isNaN(most) ? high[i] : Math.max(most, high[i]);
        newest = last[i];
      }
    }
    return new Extremes(least, most, newest);
  }

  @Override
  public void halve() {
    for (int i = 0; i < low.length; i += 2) {
      Extremes joined = extremes(i, i + 2);
      low[i / 2] = joined.low();
      high[i / 2] = joined.high();
      last[i / 2] = joined.last();
    }
    for (float[] values : List.of(low, high, last)) {
      Arrays.fill(values, (values.length + 1) / 2, values.length, Float.NaN);
    }
  }

  @Override
  public void shift(int by) {
    grow(stretches.count() + by);
    for (float[] values : List.of(low, high, last)) {
      System.arraycopy(values, 0, values, by, values.length - by);
      Arrays.fill(values, 0, by, Float.NaN);
    }
  }

  private void grow(int length) {
    if (length > low.length) {
      int longer = Math.min(CAPACITY, Math.max(length, low.length * 2));
      low = longer(low, longer);
      high = longer(high, longer);
      last = longer(last, longer);
    }
  }

  /**
   * A double beyond a float's range is as large as a float can say: a plot shows it at its edge.
   */
  private static float finite(double value) {
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
  }

  private static float[] longer(float[] values, int length) {
    float[] copy = empty(length);
    System.arraycopy(values, 0, copy, 0, values.length);
    return copy;
  }

  private static float[] empty(int length) {
    float[] values = new float[length];
    Arrays.fill(values, Float.NaN);
    return values;
  }
}
