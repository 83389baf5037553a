package io.gradwatch.core.stats;

/**
 * What is told about a series: count, newest value, extremes, exponentially weighted mean and
 * deviation, percentiles. A flyweight over {@link #CELLS} cells.
 *
 * <p>Mean and variance follow West's centred form with exponential weights (D. H. D. West,
 * "Updating Mean and Variance Estimates", 1979). A value further than {@link #WINSOR} deviations
 * from the mean counts as one that lies there, once the deviation is known.
 */
public final class Summary {
  /** Cells one summary occupies. */
  public static final int CELLS = 6 + Quantiles.CELLS;

  /** Deviations beyond which a value is winsorised: keeps spikes visible, an outlier harmless. */
  public static final double WINSOR = 10;

  /** Larger than any series means, and its square is finite. */
  private static final double MOST_INNOVATION = 1e150;

  private static final double WEIGHT = Trend.weight(Trend.SLOW_HALF_LIFE);

  private static final int COUNT = 0;
  private static final int LAST = 1;
  private static final int MEAN = 2;
  private static final int VARIANCE = 3;
  private static final int MINIMUM = 4;
  private static final int MAXIMUM = 5;
  private static final int QUANTILES = 6;

  private Summary() {}

  /** Learns a finite value. */
  public static void update(double[] cells, int at, double value) {
    double count = ++cells[at + COUNT];
    cells[at + LAST] = value;
    cells[at + MINIMUM] = count == 1 ? value : Math.min(cells[at + MINIMUM], value);
    cells[at + MAXIMUM] = count == 1 ? value : Math.max(cells[at + MAXIMUM], value);
    double weight = Math.max(1 / count, WEIGHT);
    double innovation = value - cells[at + MEAN];
    double variance = cells[at + VARIANCE];
    if (variance > 0) {
      double bound = Math.min(WINSOR * Math.sqrt(variance), MOST_INNOVATION);
      innovation = Math.max(-bound, Math.min(bound, innovation));
    }
    innovation = Math.max(-MOST_INNOVATION, Math.min(MOST_INNOVATION, innovation));
    cells[at + MEAN] += weight * innovation;
    cells[at + VARIANCE] =
        count == 1 ? 0 : (1 - weight) * (variance + weight * innovation * innovation);
    Quantiles.update(cells, at + QUANTILES, value);
  }

  /** Values seen. */
  public static long count(double[] cells, int at) {
    return (long) cells[at + COUNT];
  }

  /**
   * The statistics as they go out.
   *
   * @param growthRate growth of ln(value) per step, which the trend of the series knows
   */
  public static SeriesStatistics read(double[] cells, int at, double growthRate) {
    long count = count(cells, at);
    boolean empty = count == 0;
    return new SeriesStatistics(
        count,
        empty ? Double.NaN : cells[at + LAST],
        empty ? Double.NaN : cells[at + MEAN],
        empty ? Double.NaN : Math.sqrt(cells[at + VARIANCE]),
        empty ? Double.NaN : cells[at + MINIMUM],
        empty ? Double.NaN : cells[at + MAXIMUM],
        Quantiles.read(cells, at + QUANTILES, 0),
        Quantiles.read(cells, at + QUANTILES, 1),
        Quantiles.read(cells, at + QUANTILES, 2),
        Quantiles.read(cells, at + QUANTILES, 3),
        growthRate);
  }
}
