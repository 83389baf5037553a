package io.gradwatch.core.detect;

import io.gradwatch.core.stats.Trend;

/**
 * When a norm that grows exponentially overflows single precision, should it go on growing as it
 * does, and how far off that is.
 *
 * <p>The rate is the mean since the low was left, (fast - left) / steps. Two things are not known
 * of it. Noise: a level that is an exponentially weighted mean with weight w of values with
 * standard deviation s has a variance of s^2 w / (2 - w); the interval takes two standard errors of
 * both levels. Lag: a level follows a line by its mean age a behind, and behind less where the line
 * has just begun, so that the rate lies between the mean over all those steps and that over a
 * fewer, and the norm up to a times the rate above its level. The ends of the interval are what
 * both together allow.
 *
 * @param steps from the newest step, 0 where the norm is beyond; NaN where nothing grows
 * @param low fewest steps, at least 0; NaN where nothing grows or a few norms are all there is
 * @param high most steps; infinite where noise could be all of the growth; NaN as {@code low}
 */
record OverflowForecast(double steps, double low, double high) {
  /** Largest single-precision number: where norms overflow. */
  static final double LN_OVERFLOW = StrictMath.log(Float.MAX_VALUE);

  private static final double STANDARD_ERRORS = 2;
  private static final double WEIGHT = Trend.weight(Trend.FAST_HALF_LIFE);
  private static final double LEVEL_ERROR = StrictMath.sqrt(WEIGHT / (2 - WEIGHT));
  private static final double AGE_VALUES = (1 - WEIGHT) / WEIGHT;

  /** Share of the steps since the low that lag can take away at most. */
  private static final double LARGEST_LAG = 0.5;

  /**
   * Where a row of a few norms leads, too short to tell how far that is off.
   *
   * @param level the newest ln(norm)
   * @param rate growth of ln(norm) per step; NaN where it does not grow
   */
  static OverflowForecast ofRow(double level, double rate) {
    double steps = rate > 0 ? Math.max(0, LN_OVERFLOW - level) / rate : Double.NaN;
    return new OverflowForecast(steps, Double.NaN, Double.NaN);
  }

  /**
   * Where the trend of ln(norm) leads.
   *
   * @param step the newest
   * @param stepInterval steps between values
   */
  static OverflowForecast of(double[] trend, long step, double stepInterval) {
    double rate = Trend.growthSinceLow(trend, 0, step);
    if (!(rate > 0)) {
      return new OverflowForecast(Double.NaN, Double.NaN, Double.NaN);
    }
    double level = Trend.fast(trend, 0);
    double steps = step - Trend.lowStep(trend, 0);
    double age = AGE_VALUES * stepInterval;
    double error = STANDARD_ERRORS * LEVEL_ERROR * Trend.floorOfSpread(trend, 0);
    double grown = rate * steps;
    double fewest = steps - Math.min(age, LARGEST_LAG * steps);
    double fastest = (grown + 2 * error) / fewest;
    double slowest = (grown - 2 * error) / steps;
    double left = Math.max(0, LN_OVERFLOW - level);
    return new OverflowForecast(
        left / rate,
        Math.max(0, (left - error) / fastest - age),
        slowest > 0 ? (left + error) / slowest : Double.POSITIVE_INFINITY);
  }
}
