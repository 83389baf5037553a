package io.gradwatch.core.stats;

/**
 * Rolling 10th, 50th, 90th and 99th percentile of a series, one number each: a value above the
 * estimate lifts it by {@code p} times a step, one below lowers it by {@code 1 - p} times that
 * step, so that it rests where a share {@code p} lies below (stochastic approximation, H. Robbins
 * and S. Monro, "A Stochastic Approximation Method", 1951; L. Tierney, "A Space-Efficient Recursive
 * Procedure for Estimating a Quantile", 1983). Only the side of a value counts, so no outlier can
 * poison an estimate. The step is a share of the spread of the series, larger in youth.
 *
 * <p>On a steady series the estimates of p10, p50 and p90 stay within about a quarter of a standard
 * deviation of the exact quantiles of the last few hundred values, p99 within three quarters.
 */
public final class Quantiles {
  /** Cells one set of quantiles occupies. */
  public static final int CELLS = 6;

  private static final double SLOW = Trend.weight(Trend.SLOW_HALF_LIFE);
  private static final double[] SHARES = {0.10, 0.50, 0.90, 0.99};

  /** Step of a grown-up estimate, in spreads: a memory of a few hundred values. */
  private static final double STEP = 0.05;

  /** Step of the first values, in spreads; falls as 1 / count to {@link #STEP}. */
  private static final double FIRST_STEP = 3;

  private static final int ESTIMATES = 0;
  private static final int COUNT = 4;
  private static final int DEVIATION = 5;

  private Quantiles() {}

  /** Learns a finite value. */
  public static void update(double[] cells, int at, double value) {
    double count = ++cells[at + COUNT];
    if (count == 1) {
      for (int i = 0; i < SHARES.length; i++) {
        cells[at + ESTIMATES + i] = value;
      }
      return;
    }
    double deviation = Math.abs(value - cells[at + ESTIMATES + 1]);
    double known = cells[at + DEVIATION];
    if (known > 0) {
      // At most doubled by one value, so that an outlier does not fling the estimates.
      deviation = Math.min(deviation, known * (1 + count));
      deviation = count > Trend.LEARNING ? Math.min(deviation, known * Trend.WINSOR) : deviation;
    }
    cells[at + DEVIATION] += Math.max(1 / (count - 1), SLOW) * (deviation - known);
    double step = cells[at + DEVIATION] * Math.max(STEP, FIRST_STEP / count);
    double lower = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < SHARES.length; i++) {
      double estimate = cells[at + ESTIMATES + i];
      if (value > estimate) {
        estimate += step * SHARES[i];
      } else if (value < estimate) {
        estimate -= step * (1 - SHARES[i]);
      }
      lower = Math.max(lower, estimate);
      cells[at + ESTIMATES + i] = lower;
    }
  }

  /**
   * Estimate of one percentile; NaN when nothing was seen.
   *
   * @param which 0 to 3 for p10, p50, p90, p99
   */
  public static double read(double[] cells, int at, int which) {
    return cells[at + COUNT] == 0 ? Double.NaN : cells[at + ESTIMATES + which];
  }
}
