package io.gradwatch.lab.calibrate;

/**
 * One series of a quiet run, taken apart: a smooth trend, and what strays from it. Series of
 * positive numbers are taken apart as logarithms, any other as they are.
 *
 * <p>The trend is a local linear regression with Epanechnikov's kernel (Fan & Gijbels 1996), which
 * has no bias at the ends of a straight line.
 */
final class QuietColumn {
  private final boolean logarithmic;
  private final double[] trend;
  private final double[] residual;
  private final double persistence;

  /**
   * @param values one a row, all finite
   * @param bandwidth rows to each side over which the trend is fitted
   */
  QuietColumn(double[] values, int bandwidth) {
    boolean positive = true;
    for (double value : values) {
      positive &= value > 0;
    }
    logarithmic = positive;
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = positive ? Math.log(values[i]) : values[i];
    }
    trend = trend(scaled, bandwidth);
    residual = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      residual[i] = scaled[i] - trend[i];
    }
    persistence = persistence(residual);
  }

  /** Largest ratio of the mean absolute residuals of two quarters of the run. */
  double unevenness() {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    int quarter = residual.length / 4;
    for (int from = 0; from + quarter <= residual.length; from += quarter) {
      double sum = 0;
      for (int i = from; i < from + quarter; i++) {
        sum += Math.abs(residual[i]);
      }
      least = Math.min(least, sum);
      most = Math.max(most, sum);
    }
    return most / least;
  }

  /** What strays from the trend in a row. */
  double residual(int row) {
    return residual[row];
  }

  /** The share of a residual that is still there in the next row, from 0 to 1. */
  double persistence() {
    return persistence;
  }

  /**
   * A value of the series.
   *
   * @param position place on the trend in rows, from 0 to the last
   * @param row whose residual it has
   * @param carried what is added to that residual
   */
  double at(double position, int row, double carried) {
    int before = Math.min((int) position, trend.length - 1);
    int after = Math.min(before + 1, trend.length - 1);
    double level = trend[before] + (position - before) * (trend[after] - trend[before]);
    double value = level + residual[row] + carried;
    return logarithmic ? Math.exp(value) : value;
  }

  private static double[] trend(double[] values, int bandwidth) {
    double[] fitted = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double t0 = 0;
      double t1 = 0;
      for (int k = Math.max(0, i - bandwidth);
          k <= Math.min(values.length - 1, i + bandwidth);
          k++) {
        double distance = (k - i) / (bandwidth + 1.0);
        double weight = 1 - distance * distance;
        s0 += weight;
        s1 += weight * distance;
        s2 += weight * distance * distance;
        t0 += weight * values[k];
        t1 += weight * distance * values[k];
      }
      fitted[i] = (s2 * t0 - s1 * t1) / (s2 * s0 - s1 * s1);
    }
    return fitted;
  }

  /** Autocorrelation of neighbours; 0 where it is negative or nothing varies. */
  private static double persistence(double[] values) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < values.length; i++) {
      square += values[i] * values[i];
      product += i == 0 ? 0 : values[i] * values[i - 1];
    }
    return square > 0 ? Math.max(0, product / square) : 0;
  }
}
