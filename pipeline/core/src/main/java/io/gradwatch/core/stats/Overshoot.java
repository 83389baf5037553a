package io.gradwatch.core.stats;

/**
 * For how many values in a row a series has stood far above every value before them. Needs no
 * level, so it speaks after a few values; how far two neighbours usually lie apart is learnt on the
 * way, as a series that is rough from its start overshoots itself. A flyweight: the numbers live in
 * {@link #CELLS} consecutive cells of an array of the caller, all zero at first.
 *
 * <p>Values that overshoot are not learned, so one of them, however large, changes nothing, and a
 * row that lasts is not forgotten by getting used to it.
 */
public final class Overshoot {
  /** Cells one overshoot occupies. */
  public static final int CELLS = 7;

  private static final int SEEN = 0;
  private static final int HIGHEST = 1;
  private static final int ROW = 2;
  private static final int LAST = 3;
  private static final int SPREAD = 4;
  private static final int DIFFERENCES = 5;

  /** Highest value that did not overshoot, of the rise under way too. */
  private static final int TOP = 6;

  /** Standard deviation of a normal distribution over the mean distance of two of its values. */
  private static final double SIGMA_PER_DISTANCE = 0.886226925452758;

  /** Differences at which the spread is widened to twice what they tell. */
  private static final double FEW = 2;

  /** Spreads an overshoot must have as well while the spread is known from a few values. */
  private static final double YOUNG_SPREADS = 5;

  private Overshoot() {}

  /**
   * Takes a value.
   *
   * @param value finite
   * @param distance above the highest value so far from which on this one overshoots
   */
  public static void update(double[] cells, int at, double value, double distance) {
    update(cells, at, value, distance, false);
  }

  /**
   * Takes a value of a series that may explode by small factors: while each value is higher than
   * all before it, the highest is that from before this rise.
   */
  public static void updateRising(double[] cells, int at, double value, double distance) {
    update(cells, at, value, distance, true);
  }

  private static void update(
      double[] cells, int at, double value, double distance, boolean waitsForEndOfRise) {
    boolean seen = cells[at + SEEN] == 1;
    if (seen && value > cells[at + HIGHEST] + distance) {
      cells[at + ROW]++;
      return;
    }
    boolean rises = seen && value > cells[at + TOP];
    cells[at + TOP] = seen ? Math.max(cells[at + TOP], value) : value;
    if (!rises || !waitsForEndOfRise) {
      cells[at + HIGHEST] = cells[at + TOP];
    }
    learnSpread(cells, at, value);
    cells[at + LAST] = value;
    cells[at + SEEN] = 1;
    cells[at + ROW] = 0;
  }

  private static void learnSpread(double[] cells, int at, double value) {
    if (cells[at + SEEN] == 1) {
      double sigma = Math.abs(value - cells[at + LAST]) * SIGMA_PER_DISTANCE;
      cells[at + SPREAD] += (sigma - cells[at + SPREAD]) / ++cells[at + DIFFERENCES];
    }
  }

  /** Values in a row, up to the newest, that overshot. */
  public static long row(double[] cells, int at) {
    return (long) cells[at + ROW];
  }

  /**
   * Standard deviation of the values that did not overshoot, as neighbours tell it, widened while
   * few tell it: from one difference it may be far too small, much as Student's t is wide at few
   * degrees of freedom. Infinite while there is none, so that nothing is many spreads away.
   */
  public static double spread(double[] cells, int at) {
    double differences = cells[at + DIFFERENCES];
    return differences == 0
        ? Double.POSITIVE_INFINITY
        : cells[at + SPREAD] * (1 + FEW / differences);
  }

  /** The distance to ask for while no level is known: the least, or some of these spreads. */
  public static double distance(double[] cells, int at, double least) {
    return Math.max(least, YOUNG_SPREADS * spread(cells, at));
  }

  /** Highest value that did not overshoot; NaN when nothing was seen. */
  public static double highest(double[] cells, int at) {
    return cells[at + SEEN] == 1 ? cells[at + HIGHEST] : Double.NaN;
  }

  /** Begins the row anew: what overshot up to now has turned out well. */
  public static void forgive(double[] cells, int at) {
    cells[at + ROW] = 0;
  }

  /** Forgets what was seen, where the measure itself changed. */
  public static void restart(double[] cells, int at) {
    for (int i = 0; i < CELLS; i++) {
      cells[at + i] = 0;
    }
  }
}
