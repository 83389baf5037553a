package io.gradwatch.console.model;

import io.gradwatch.console.api.HistogramPage;
import io.gradwatch.records.Log2Histogram;
import java.util.ArrayList;
import java.util.List;

/**
 * Histograms of |gradient| of one attempt in bounded memory: when there are too many, every other
 * one is let go and from then on every other one is kept.
 */
final class HistogramStrip {
  /** Even, so that halving keeps the first. */
  static final int MOST = 64;

  /** Roughly, for a budget of memory. */
  static final long BYTES = MOST * 400L;

  private record Column(long step, int minExponent, float[] shares, float zeros, long nonfinite) {}

  private final List<Column> columns = new ArrayList<>();
  private int every = 1;
  private int passed;

  void add(long step, Log2Histogram histogram) {
    if (passed++ % every != 0) {
      return;
    }
    if (columns.size() == MOST) {
      for (int i = MOST - 1; i > 0; i -= 2) {
        columns.remove(i);
      }
      every *= 2;
    }
    columns.add(column(step, histogram));
  }

  boolean isEmpty() {
    return columns.isEmpty();
  }

  HistogramPage view() {
    int lowest = Integer.MAX_VALUE;
    int end = Integer.MIN_VALUE;
    for (Column column : columns) {
      if (column.shares().length > 0) {
        lowest = Math.min(lowest, column.minExponent());
        end = Math.max(end, column.minExponent() + column.shares().length);
      }
    }
    int buckets = Math.max(0, end == Integer.MIN_VALUE ? 0 : end - lowest);
    List<List<Float>> shares = new ArrayList<>();
    for (Column column : columns) {
      List<Float> row = new ArrayList<>(buckets);
      for (int i = 0; i < buckets; i++) {
        int at = lowest + i - column.minExponent();
        row.add(at >= 0 && at < column.shares().length ? column.shares()[at] : 0f);
      }
      shares.add(row);
    }
    return new HistogramPage(
        columns.stream().map(Column::step).toList(),
        buckets == 0 ? 0 : lowest,
        shares,
        columns.stream().map(Column::zeros).toList(),
        columns.stream().map(Column::nonfinite).toList());
  }

  private static Column column(long step, Log2Histogram histogram) {
    List<Long> counts = histogram.getCounts();
    double all = histogram.getZeros() + (double) histogram.getNonfinite();
    int first = counts.size();
    int end = 0;
    for (int i = 0; i < counts.size(); i++) {
      all += counts.get(i);
      if (counts.get(i) != 0) {
        first = Math.min(first, i);
        end = i + 1;
      }
    }
    float[] shares = new float[Math.max(0, end - first)];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = all > 0 ? (float) (counts.get(first + i) / all) : 0;
    }
    return new Column(
        step,
        histogram.getMinExponent() + first,
        shares,
        all > 0 ? (float) (histogram.getZeros() / all) : 0,
        histogram.getNonfinite());
  }
}
