package io.gradwatch.agent.load;

/**
 * Makes of a series that ends one that does not: behind its end it stays at its last level, with
 * the deviations that its second half had from its own, walked to and fro.
 */
final class Continued {
  /** Values on each side that make the level at a place: enough to leave the noise out of it. */
  private static final int LEVEL_REACH = 25;

  private Continued() {}

  /** How many values are kept of a series of this length. */
  static int length(int series) {
    return series + series / 2;
  }

  /**
   * The series, then what is walked behind its end.
   *
   * @param series at least 2 values above 0
   */
  static double[] of(double[] series) {
    double[] sums = new double[series.length + 1];
    for (int i = 0; i < series.length; i++) {
      sums[i + 1] = sums[i] + Math.log(series[i]);
    }
    int half = series.length / 2;
    double last = level(sums, series.length - 1);
    double[] continued = new double[length(series.length)];
    System.arraycopy(series, 0, continued, 0, series.length);
    for (int i = 0; i < half; i++) {
      int place = series.length - half + i;
      continued[series.length + i] = series[place] * Math.exp(last - level(sums, place));
    }
    return continued;
  }

  /**
   * Where a walk stands.
   *
   * @param step from 0
   * @param length of the series
   */
  static int place(long step, int length) {
    if (step < length) {
      return (int) step;
    }
    int half = length / 2;
    int walked = (int) ((step - length) % (2L * half));
    return length + (walked < half ? half - 1 - walked : walked - half);
  }

  /** Mean logarithm around a place. */
  private static double level(double[] sums, int place) {
    int from = Math.max(0, place - LEVEL_REACH);
    int to = Math.min(sums.length - 1, place + LEVEL_REACH + 1);
    return (sums[to] - sums[from]) / (to - from);
  }
}
