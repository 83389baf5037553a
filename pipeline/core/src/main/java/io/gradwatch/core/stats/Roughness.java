package io.gradwatch.core.stats;

/**
 * How much rougher a series is now than it used to be, and whether it swings to and fro. A
 * flyweight: the numbers live in {@link #CELLS} consecutive cells of an array of the caller, all
 * zero at first.
 *
 * <p>Roughness is the exponentially weighted mean of the absolute differences of neighbours, which
 * no trend inflates, over a short and a long half-life; their ratio grows while the variance does.
 * A difference counts as {@link Trend#SPREAD_WINSOR} times the short mean at most, so that a single
 * outlier is not a rough series; until {@link Trend#LEARNING} values were seen the bound is three
 * times as wide, but for the first three values. Swinging is the correlation of neighbouring
 * deviations from the level: 0 for noise, 1 for a drift, -1 for values that alternate.
 */
public final class Roughness {
  /** Cells one series occupies. */
  public static final int CELLS = 8;

  /** Half-life of what is rough now, in values. */
  public static final double SHORT_HALF_LIFE = 40;

  /** Half-life of what is usual, in values. */
  public static final double LONG_HALF_LIFE = 320;

  /** Values after which the two differ by more than chance. */
  public static final int LEARNING = 100;

  private static final double SHORT_WEIGHT = Trend.weight(SHORT_HALF_LIFE);
  private static final double LONG_WEIGHT = Trend.weight(LONG_HALF_LIFE);

  /** Relative resolution below which differences are rounding. */
  private static final double RESOLUTION = 1e-6;

  private static final int COUNT = 0;
  private static final int LAST = 1;
  private static final int SHORT = 2;
  private static final int LONG = 3;
  private static final int LEVEL = 4;

  /** The newest deviation from the level. */
  private static final int DEVIATION = 5;

  /** Mean product of neighbouring deviations. */
  private static final int PRODUCT = 6;

  /** Mean square of deviations. */
  private static final int SQUARE = 7;

  private Roughness() {}

  /**
   * Learns a value.
   *
   * @param value finite
   */
  public static void update(double[] cells, int at, double value) {
    double count = ++cells[at + COUNT];
    double last = cells[at + LAST];
    cells[at + LAST] = value;
    if (count == 1) {
      cells[at + LEVEL] = value;
      return;
    }
    double bound = Double.POSITIVE_INFINITY;
    if (count > Trend.YOUNGEST) {
      double unit = Trend.SPREAD_WINSOR * Math.max(cells[at + SHORT], resolution(cells, at));
      bound = unit * (count > Trend.LEARNING ? 1 : Trend.YOUTH);
    }
    double youth = 1 / (count - 1);
    double weight = Math.max(SHORT_WEIGHT, youth);
    double difference = Math.min(Math.abs(value - last), bound);
    cells[at + SHORT] += weight * (difference - cells[at + SHORT]);
    cells[at + LONG] += Math.max(LONG_WEIGHT, youth) * (difference - cells[at + LONG]);
    double deviation = Math.max(-bound, Math.min(bound, value - cells[at + LEVEL]));
    cells[at + PRODUCT] += weight * (deviation * cells[at + DEVIATION] - cells[at + PRODUCT]);
    cells[at + SQUARE] += weight * (deviation * deviation - cells[at + SQUARE]);
    cells[at + DEVIATION] = deviation;
    cells[at + LEVEL] += weight * deviation;
  }

  /** Forgets all. */
  public static void restart(double[] cells, int at) {
    for (int i = 0; i < CELLS; i++) {
      cells[at + i] = 0;
    }
  }

  /** Roughness now over the usual; NaN until known, and of a series that does not move. */
  public static double ratio(double[] cells, int at) {
    return cells[at + COUNT] >= LEARNING && cells[at + LONG] > resolution(cells, at)
        ? cells[at + SHORT] / cells[at + LONG]
        : Double.NaN;
  }

  /** Correlation of neighbours, -1 to 1; NaN until known, and of a series that does not move. */
  public static double correlation(double[] cells, int at) {
    return cells[at + COUNT] >= LEARNING && cells[at + SHORT] > resolution(cells, at)
        ? cells[at + PRODUCT] / cells[at + SQUARE]
        : Double.NaN;
  }

  private static double resolution(double[] cells, int at) {
    return RESOLUTION * (1 + Math.abs(cells[at + LEVEL]));
  }
}
