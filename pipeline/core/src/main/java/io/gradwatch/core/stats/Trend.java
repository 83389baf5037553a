package io.gradwatch.core.stats;

/**
 * Where a series stands and where it came from: three robust levels of different memory, the spread
 * around them, and the lowest and highest that the medium level has been. A flyweight: the numbers
 * live in {@link #CELLS} consecutive cells of an array of the caller, all zero at first.
 *
 * <p>A level is an exponentially weighted mean whose innovation is winsorised: a value further than
 * {@link #WINSOR} spreads from the medium level counts as one that lies there (Huber's M-estimator
 * of location in its one-step form, P. J. Huber, "Robust Estimation of a Location Parameter",
 * 1964). The bound doubles with every further such value on the same side. So one outlier, however
 * large, moves a level by at most its weight times {@code WINSOR * spread}, and a lasting change
 * has arrived after a handful of values.
 *
 * <p>The spread comes from the differences of neighbours (J. von Neumann et al., "The Mean Square
 * Successive Difference", 1941), their absolute values winsorised too, so that neither a trend nor
 * a jump of the level inflates it. Until {@link #LEARNING} values were seen the bounds are three
 * times as wide, but for the first three values, and each level is the plain mean of all, or
 * younger.
 */
public final class Trend {
  /** Cells one trend occupies. */
  public static final int CELLS = 11 + Standing.CELLS;

  /** Half-life of the fast level, in values: reacts within a page's deadline of twenty steps. */
  public static final double FAST_HALF_LIFE = 5;

  /** Half-life of the medium level, in values: steady against noise, young enough for a drift. */
  public static final double MEDIUM_HALF_LIFE = 20;

  /** Half-life of the slow level and of the spread, in values: what is normal for this run. */
  public static final double SLOW_HALF_LIFE = 80;

  /** Spreads beyond which a value is winsorised: far enough not to bias a heavy-tailed series. */
  public static final double WINSOR = 10;

  /** Spreads beyond which a difference is winsorised before the spread learns it. */
  public static final double SPREAD_WINSOR = 3;

  /** Most doublings of the bound: enough for any double. */
  private static final int MOST_DOUBLINGS = 60;

  /** Values after which the trend knows its spread well enough to winsorise and to be judged by. */
  public static final int LEARNING = 20;

  /** Values that are learnt as they are: too few to tell an outlier among. */
  static final int YOUNGEST = 3;

  /** How much wider the bounds are while learning, when series fall fast and spreads are rough. */
  static final double YOUTH = 3;

  static final double FAST = weight(FAST_HALF_LIFE);
  static final double MEDIUM = weight(MEDIUM_HALF_LIFE);
  static final double SLOW = weight(SLOW_HALF_LIFE);

  /** Ratio of the standard deviation to the mean absolute deviation of a normal distribution. */
  static final double SIGMA_PER_MEAN_DEVIATION = 1.2533141373155003;

  /** Relative resolution below which differences are rounding, of a loss printed to six digits. */
  static final double RESOLUTION = 1e-6;

  static final int COUNT = 0;
  static final int FAST_LEVEL = 1;
  static final int MEDIUM_LEVEL = 2;
  static final int SLOW_LEVEL = 3;
  static final int SPREAD = 4;
  static final int LOW = 5;
  static final int LOW_STEP = 6;

  /** Winsorised values in a row, positive above the level, negative below it. */
  static final int ROW = 7;

  /** The newest value. */
  static final int LAST = 8;

  static final int HIGH = 9;

  /** The fast level at {@link #LOW_STEP}. */
  static final int LEFT = 10;

  static final int STANDING = 11;

  /** Spreads below a settled level that its lowest is taken to be, as noise takes it there. */
  private static final double LOWEST_OF_NOISE = 0.3;

  /** Cells of a trend in the first version of the state. */
  private static final int FIRST_CELLS = 9;

  static final double SQRT_HALF = StrictMath.sqrt(0.5);

  /** Values from which on no level is a plain mean any more, nor is the spread. */
  static final int GROWN = (int) Math.ceil(1 / SLOW) + 2;

  /** Values from which on no level grows older by any bit of its age. */
  private static final int AGED = 5_000;

  private static final double[] LAGS = lags();

  private Trend() {}

  /** Weight of a new value in an exponentially weighted mean of the given half-life in values. */
  public static double weight(double halfLife) {
    return 1 - StrictMath.pow(2, -1 / halfLife);
  }

  /**
   * Learns a value.
   *
   * @param cells the array that holds the trend
   * @param at its first cell
   * @param step the optimizer step of the value
   * @param value finite
   */
  public static void update(double[] cells, int at, long step, double value) {
    update(cells, at, step, value, 0);
  }

  /**
   * Learns a value and forgives a rise: {@link #update(double[], int, long, double)} and {@link
   * #forgive}.
   */
  public static void update(double[] cells, int at, long step, double value, double rise) {
    double count = ++cells[at + COUNT];
    if (count >= GROWN) {
      learn(cells, at, step, value, rise, FAST, MEDIUM, SLOW, SLOW, 1);
    } else {
      learnInYouth(cells, at, step, value, rise, count);
    }
  }

  /** Weight of the newest of so many values: that in a plain mean of all, or that of old age. */
  static double weightAt(double grown, double count) {
    return Math.max(1 / count, grown);
  }

  private static void learnInYouth(
      double[] cells, int at, long step, double value, double rise, double count) {
    if (count == 1) {
      cells[at + LAST] = value;
    }
    double bounds = count > LEARNING ? 1 : YOUTH;
    learn(
        cells,
        at,
        step,
        value,
        rise,
        weightAt(FAST, count),
        weightAt(MEDIUM, count),
        weightAt(SLOW, count),
        count == 1 ? 0 : weightAt(SLOW, count - 1),
        count > YOUNGEST ? bounds : Double.POSITIVE_INFINITY);
  }

  /**
   * What two places need is computed once, and this and all it calls is short enough (325 bytes)
   * for Java to compile it into its callers. {@link TrendPass} does the same for many.
   *
   * @param bounds how much wider they are; infinite: none
   */
  private static void learn(
      double[] cells,
      int at,
      long step,
      double value,
      double rise,
      double ofFast,
      double ofMedium,
      double ofSlow,
      double ofSpread,
      double bounds) {
    double medium = cells[at + MEDIUM_LEVEL];
    double slow = cells[at + SLOW_LEVEL];
    double fast = cells[at + FAST_LEVEL];
    double spread = cells[at + SPREAD];
    double unit = floorOfSpread(spread, slow) * bounds;
    double near =
        bounds == Double.POSITIVE_INFINITY
            ? value
            : medium + winsorise(cells, at + ROW, value - medium, WINSOR * unit);
    double deviation = Math.abs((value - cells[at + LAST]) * SQRT_HALF);
    double sigma = Math.min(deviation, SPREAD_WINSOR * unit) * SIGMA_PER_MEAN_DEVIATION;
    cells[at + LAST] = value;
    fast += ofFast * (near - fast);
    medium += ofMedium * (near - medium);
    slow += ofSlow * (near - slow);
    spread += ofSpread * (sigma - spread);
    cells[at + FAST_LEVEL] = fast;
    cells[at + MEDIUM_LEVEL] = medium;
    cells[at + SLOW_LEVEL] = slow;
    cells[at + SPREAD] = spread;
    follow(cells, at, step, fast, medium, floorOfSpread(spread, slow), rise);
  }

  /** Takes where the levels are by now into where they have been. */
  private static void follow(
      double[] cells, int at, long step, double fast, double medium, double floor, double rise) {
    settle(cells, at, medium, floor);
    boolean learns = cells[at + COUNT] <= LEARNING;
    // No branch: noise takes a level that stands still below its lowest every other time.
    double low = learns ? medium : Math.min(medium, cells[at + LOW]);
    cells[at + HIGH] = learns ? medium : Math.max(medium, cells[at + HIGH]);
    if (fast <= low + floor) {
      cells[at + LOW_STEP] = step;
      cells[at + LEFT] = fast;
    }
    cells[at + LOW] = forgiven(low, medium, rise);
  }

  static double forgiven(double low, double medium, double rise) {
    return low + Math.min(rise, Math.max(0, medium - low));
  }

  /** Takes a medium level that has stood still for long as the lowest, be it above that. */
  private static void settle(double[] cells, int at, double medium, double spread) {
    if (Standing.settles(cells, at + STANDING, medium, spread)) {
      cells[at + LOW] = Math.max(cells[at + LOW], settled(cells, at + STANDING, spread));
    }
  }

  /** The lowest level of a series that stands still. */
  static double settled(double[] cells, int standing, double spread) {
    return Standing.place(cells, standing) - LOWEST_OF_NOISE * spread;
  }

  /**
   * Starts to learn anew, from the values that follow, where the measure itself changed (another
   * batch size, say).
   */
  public static void restart(double[] cells, int at) {
    for (int i = 0; i < CELLS; i++) {
      cells[at + i] = 0;
    }
  }

  /** Trends, one after the other, that were written when a trend had no highest level. */
  public static double[] ofFirstVersion(double[] written) {
    int trends = written.length / FIRST_CELLS;
    double[] cells = new double[trends * CELLS];
    for (int i = 0; i < trends; i++) {
      System.arraycopy(written, i * FIRST_CELLS, cells, i * CELLS, FIRST_CELLS);
      cells[i * CELLS + HIGH] = written[i * FIRST_CELLS + MEDIUM_LEVEL];
      cells[i * CELLS + LEFT] = cells[i * CELLS + LOW] + floorOfSpread(cells, i * CELLS);
    }
    return cells;
  }

  /** Puts every level back to the lowest: the run has gone back to where it was well. */
  public static void returnToLow(double[] cells, int at) {
    cells[at + FAST_LEVEL] = cells[at + LOW];
    cells[at + MEDIUM_LEVEL] = cells[at + LOW];
    cells[at + SLOW_LEVEL] = cells[at + LOW];
    cells[at + ROW] = 0;
  }

  /** Lifts the lowest level towards the medium one: so much of a rise is no disturbance. */
  public static void forgive(double[] cells, int at, double rise) {
    cells[at + LOW] = forgiven(cells[at + LOW], cells[at + MEDIUM_LEVEL], rise);
  }

  /** Values seen. */
  public static long count(double[] cells, int at) {
    return (long) cells[at + COUNT];
  }

  /** True when enough was seen to judge by. */
  public static boolean ready(double[] cells, int at) {
    return cells[at + COUNT] >= LEARNING;
  }

  /** The newest value; NaN when nothing was seen. */
  public static double last(double[] cells, int at) {
    return read(cells, at, LAST);
  }

  /** Level of the last few values; NaN when nothing was seen. */
  public static double fast(double[] cells, int at) {
    return read(cells, at, FAST_LEVEL);
  }

  /** Level of the last few dozen values; NaN when nothing was seen. */
  public static double medium(double[] cells, int at) {
    return read(cells, at, MEDIUM_LEVEL);
  }

  /** Level of the last hundred values or so; NaN when nothing was seen. */
  public static double slow(double[] cells, int at) {
    return read(cells, at, SLOW_LEVEL);
  }

  /** Standard deviation around the level; NaN when fewer than two values were seen. */
  public static double spread(double[] cells, int at) {
    return cells[at + COUNT] < 2 ? Double.NaN : cells[at + SPREAD];
  }

  /** Lowest medium level since the trend is ready; NaN when nothing was seen. */
  public static double low(double[] cells, int at) {
    return read(cells, at, LOW);
  }

  /** Highest medium level since the trend is ready; NaN when nothing was seen. */
  public static double high(double[] cells, int at) {
    return read(cells, at, HIGH);
  }

  /** Newest step at which the fast level was still within a spread of the lowest. */
  public static long lowStep(double[] cells, int at) {
    return (long) cells[at + LOW_STEP];
  }

  /** The spread, or the resolution of the level where the series does not move at all. */
  public static double floorOfSpread(double[] cells, int at) {
    return floorOfSpread(cells[at + SPREAD], cells[at + SLOW_LEVEL]);
  }

  static double floorOfSpread(double spread, double slow) {
    return Math.max(spread, RESOLUTION * (1 + Math.abs(slow)));
  }

  /** How many spreads a value lies above the medium level; NaN until the trend is ready. */
  public static double score(double[] cells, int at, double value) {
    return ready(cells, at)
        ? (value - cells[at + MEDIUM_LEVEL]) / floorOfSpread(cells, at)
        : Double.NaN;
  }

  /**
   * Growth per value, from the distance between the medium and the slow level: levels of a line lag
   * behind it by the mean age of what they remember, so the distance is the slope times the
   * difference of those ages. NaN until the trend is ready.
   */
  public static double growth(double[] cells, int at) {
    return growth(cells[at + COUNT], cells[at + MEDIUM_LEVEL], cells[at + SLOW_LEVEL]);
  }

  static double growth(double count, double medium, double slow) {
    double lag = lag(count);
    return count >= LEARNING && lag > 0 ? (medium - slow) / lag : Double.NaN;
  }

  /**
   * An innovation within its bound, which doubles with every further one beyond it on the same
   * side.
   *
   * @param row cell of the innovations beyond the bound in a row: positive above, negative below
   */
  static double winsorise(double[] cells, int row, double innovation, double bound) {
    if (Math.abs(innovation) <= bound) {
      cells[row] = 0;
      return innovation;
    }
    return beyond(cells, row, innovation, bound);
  }

  private static double beyond(double[] cells, int row, double innovation, double bound) {
    double before = cells[row];
    double earlier = innovation > 0 ? Math.max(before, 0) : Math.max(-before, 0);
    boolean outside = Math.abs(innovation) > bound;
    cells[row] = outside ? Math.copySign(earlier + 1, innovation) : 0;
    return clamp(innovation, Math.scalb(bound, (int) Math.min(earlier, MOST_DOUBLINGS)));
  }

  /**
   * Mean growth per step since the series left its low. NaN where that is no time at all.
   *
   * @param step the newest step
   */
  public static double growthSinceLow(double[] cells, int at, long step) {
    double steps = step - cells[at + LOW_STEP];
    return steps > 0 ? (cells[at + FAST_LEVEL] - cells[at + LEFT]) / steps : Double.NaN;
  }

  /**
   * Mean age, in values, of what a level with this weight remembers after count values: that of a
   * plain mean in youth, from there on towards that of the grown-up level.
   */
  static double age(double weight, double count) {
    double youth = Math.min(count, Math.ceil(1 / weight));
    double grown = (1 - weight) / weight;
    double gap = grown - (youth - 1) / 2;
    return grown - gap * StrictMath.pow(1 - weight, count - youth);
  }

  /** How much older the slow level's memory is than the medium one's. */
  private static double lag(double count) {
    return LAGS[(int) Math.min(count, LAGS.length - 1)];
  }

  /** Two powers for each layer in each record of statistics take longer than a look. */
  private static double[] lags() {
    double[] lags = new double[AGED];
    for (int count = 1; count < AGED; count++) {
      lags[count] = age(SLOW, count) - age(MEDIUM, count);
    }
    return lags;
  }

  private static double read(double[] cells, int at, int cell) {
    return cells[at + COUNT] == 0 ? Double.NaN : cells[at + cell];
  }

  private static double clamp(double value, double bound) {
    return Math.max(-bound, Math.min(bound, value));
  }
}
