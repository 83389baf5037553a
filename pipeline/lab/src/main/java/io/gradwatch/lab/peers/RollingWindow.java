package io.gradwatch.lab.peers;

/** The newest values of a series, up to a fixed number. Walked at every reading: for rules only. */
final class RollingWindow {
  private final double[] values;
  private long count;

  RollingWindow(int length) {
    values = new double[length];
  }

  void add(double value) {
    values[(int) (count++ % values.length)] = value;
  }

  int size() {
    return (int) Math.min(count, values.length);
  }

  boolean isFull() {
    return size() == values.length;
  }

  /** NaN when empty, or when a value is NaN. */
  double mean() {
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += values[i];
    }
    return sum / size();
  }

  /** Of a sample: divided by one less than its size. NaN below two values. */
  double standardDeviation() {
    double mean = mean();
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += (values[i] - mean) * (values[i] - mean);
    }
    return Math.sqrt(sum / (size() - 1));
  }

  double max() {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size(); i++) {
      max = Math.max(max, values[i]);
    }
    return max;
  }

  int countAbove(double bound) {
    int above = 0;
    for (int i = 0; i < size(); i++) {
      above += values[i] > bound ? 1 : 0;
    }
    return above;
  }
}
