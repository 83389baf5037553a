package io.gradwatch.core.stats;

/**
 * Centre and spread of a series that may begin with an explosion and have heavy tails. A flyweight:
 * the numbers live in {@link #CELLS} consecutive cells of an array of the caller, all zero at
 * first.
 *
 * <p>Of the first {@link #FIRST} values the centre is their median and the spread their
 * interquartile range over that of a normal distribution: half of them may be anything. From then
 * on the centre is an exponentially weighted mean with winsorised innovations, the spread one of
 * the differences of neighbours, as in {@link Trend}. The bound of an innovation doubles with every
 * further one beyond it on the same side, so that the centre follows a run that grows.
 */
public final class RobustCentre {
  /** Values that are kept, sorted, before the centre is a running one. */
  public static final int FIRST = 20;

  /** Cells one series occupies. */
  public static final int CELLS = 5 + FIRST;

  /** Half-life of the centre, in values. */
  public static final double CENTRE_HALF_LIFE = 40;

  /** Half-life of the spread, in values. */
  public static final double SPREAD_HALF_LIFE = 40;

  /** Spreads beyond which a value is winsorised. */
  public static final double WINSOR = 6;

  /** Spreads beyond which a difference is winsorised before the spread learns it. */
  public static final double SPREAD_WINSOR = 3;

  /** Smallest spread that bounds anything; norms that differ less are alike. */
  public static final double LEAST_SPREAD = 0.02;

  private static final double CENTRE_WEIGHT = Trend.weight(CENTRE_HALF_LIFE);
  private static final double SPREAD_WEIGHT = Trend.weight(SPREAD_HALF_LIFE);

  /** Ratio of the interquartile range to the standard deviation of a normal distribution. */
  private static final double QUARTILES_PER_SIGMA = 1.3489795003921634;

  private static final int COUNT = 0;
  private static final int CENTRE = 1;
  private static final int SPREAD = 2;
  private static final int LAST = 3;

  /** Winsorised values in a row, positive above the centre, negative below it. */
  private static final int ROW = 4;

  private static final int SORTED = 5;

  private RobustCentre() {}

  /** Forgets everything. */
  public static void restart(double[] cells, int at) {
    for (int i = 0; i < CELLS; i++) {
      cells[at + i] = 0;
    }
  }

  /** Learns a finite value. */
  public static void update(double[] cells, int at, double value) {
    double count = ++cells[at + COUNT];
    if (count <= FIRST) {
      keep(cells, at + SORTED, (int) count - 1, value);
      cells[at + CENTRE] = quantile(cells, at, 0.5);
      cells[at + SPREAD] =
          (quantile(cells, at, 0.75) - quantile(cells, at, 0.25)) / QUARTILES_PER_SIGMA;
    } else {
      follow(cells, at, count, value);
    }
    cells[at + LAST] = value;
  }

  private static void follow(double[] cells, int at, double count, double value) {
    double unit = Math.max(cells[at + SPREAD], LEAST_SPREAD);
    double near = Trend.winsorise(cells, at + ROW, value - cells[at + CENTRE], WINSOR * unit);
    cells[at + CENTRE] += Math.max(CENTRE_WEIGHT, 1 / count) * near;
    double deviation =
        Math.min(Math.abs(value - cells[at + LAST]) * Trend.SQRT_HALF, SPREAD_WINSOR * unit);
    cells[at + SPREAD] +=
        Math.max(SPREAD_WEIGHT, 1 / count)
            * (deviation * Trend.SIGMA_PER_MEAN_DEVIATION - cells[at + SPREAD]);
  }

  /** Puts a value where it belongs among those before it. */
  private static void keep(double[] cells, int from, int count, double value) {
    int place = from + count;
    while (place > from && cells[place - 1] > value) {
      cells[place] = cells[place - 1];
      place--;
    }
    cells[place] = value;
  }

  /** Quantile of the first values, between neighbours by their distance. */
  private static double quantile(double[] cells, int at, double share) {
    double place = share * (Math.min(cells[at + COUNT], FIRST) - 1);
    int below = (int) place;
    double low = cells[at + SORTED + below];
    double high = cells[at + SORTED + (int) Math.ceil(place)];
    return low + (place - below) * (high - low);
  }

  /** Values seen. */
  public static long count(double[] cells, int at) {
    return (long) cells[at + COUNT];
  }

  /** True while fewer than {@link #FIRST} values were seen. */
  public static boolean isYoung(double[] cells, int at) {
    return cells[at + COUNT] < FIRST;
  }

  /** Least of the first values; NaN when nothing was seen. */
  public static double leastOfFirst(double[] cells, int at) {
    return cells[at + COUNT] == 0 ? Double.NaN : cells[at + SORTED];
  }

  /** The centre; NaN when nothing was seen. */
  public static double centre(double[] cells, int at) {
    return cells[at + COUNT] == 0 ? Double.NaN : cells[at + CENTRE];
  }

  /** Standard deviation around the centre; NaN when fewer than two values were seen. */
  public static double spread(double[] cells, int at) {
    return cells[at + COUNT] < 2 ? Double.NaN : cells[at + SPREAD];
  }
}
