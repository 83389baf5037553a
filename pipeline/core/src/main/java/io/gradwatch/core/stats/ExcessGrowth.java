package io.gradwatch.core.stats;

/**
 * Growth of a series beyond what a power law of its age explains. A flyweight: the numbers live in
 * {@link #CELLS} consecutive cells of an array of the caller, all zero at first.
 *
 * <p>A level follows the logarithm of the series, upwards and downwards, but no faster than {@code
 * order * ln(age)}; the excess is what the series is above it. For an upward drift this is the
 * cumulative sum of Page's test (E. S. Page, "Continuous Inspection Schemes", 1954) with the power
 * law as its reference, and the last step without excess is its estimate of the onset. Weights that
 * learn wander (order 1/2) or move steadily (order 1), so their excess stays 0; exponential growth
 * exceeds every order in the end. A dip that returns leaves no excess. An excess that stopped
 * growing is a new level, not a growth, and is forgotten.
 */
public final class ExcessGrowth {
  /** Cells one series occupies. */
  public static final int CELLS = 7;

  /** Excess in nats below which nothing has begun: a hundredth of the value. */
  public static final double TRIFLE = 0.01;

  /** Values in a row without a new peak (by a trifle) after which growth has stopped. */
  public static final int STOPPED = 20;

  private static final int COUNT = 0;
  private static final int LEVEL = 1;
  private static final int EXCESS = 2;
  private static final int PEAK = 3;
  private static final int SINCE_PEAK = 4;
  private static final int ONSET_STEP = 5;
  private static final int ONSET_VALUE = 6;

  private ExcessGrowth() {}

  /**
   * Learns a value.
   *
   * @param step the optimizer step of the value
   * @param value logarithm of the series, finite
   * @param allowed most that the level may move: order * ln(age now / age at the value before)
   * @param lasting excess from which on growth that stopped is forgotten
   */
  public static void update(
      double[] cells, int at, long step, double value, double allowed, double lasting) {
    if (cells[at + COUNT]++ == 0) {
      begin(cells, at, step, value);
      return;
    }
    double level = cells[at + LEVEL];
    cells[at + LEVEL] = Math.max(level - allowed, Math.min(level + allowed, value));
    double excess = value - cells[at + LEVEL];
    cells[at + EXCESS] = excess;
    if (excess <= TRIFLE) {
      cells[at + ONSET_STEP] = step;
      cells[at + ONSET_VALUE] = value;
      cells[at + PEAK] = 0;
    }
    if (excess > cells[at + PEAK] + TRIFLE) {
      cells[at + PEAK] = excess;
      cells[at + SINCE_PEAK] = 0;
    } else if (++cells[at + SINCE_PEAK] >= STOPPED && excess >= lasting) {
      begin(cells, at, step, value);
    }
  }

  private static void begin(double[] cells, int at, long step, double value) {
    cells[at + LEVEL] = value;
    cells[at + EXCESS] = 0;
    cells[at + PEAK] = 0;
    cells[at + SINCE_PEAK] = 0;
    cells[at + ONSET_STEP] = step;
    cells[at + ONSET_VALUE] = value;
  }

  /** Nats above what the power law explains; negative below it; 0 when nothing was seen. */
  public static double excess(double[] cells, int at) {
    return cells[at + EXCESS];
  }

  /** Where the power law expects the logarithm to be; 0 when nothing was seen. */
  public static double level(double[] cells, int at) {
    return cells[at + LEVEL];
  }

  /** Logarithm of the newest value; 0 when nothing was seen. */
  public static double value(double[] cells, int at) {
    return cells[at + LEVEL] + cells[at + EXCESS];
  }

  /** Newest step without excess. */
  public static long onsetStep(double[] cells, int at) {
    return (long) cells[at + ONSET_STEP];
  }

  /** Logarithm of the series at its onset. */
  public static double onsetValue(double[] cells, int at) {
    return cells[at + ONSET_VALUE];
  }

  /** Mean growth of the logarithm per step since the onset; NaN where that is no time at all. */
  public static double ratePerStep(double[] cells, int at, long step) {
    double steps = step - cells[at + ONSET_STEP];
    return steps > 0 ? (value(cells, at) - cells[at + ONSET_VALUE]) / steps : Double.NaN;
  }
}
