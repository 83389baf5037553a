package io.gradwatch.core.policy;

import org.jspecify.annotations.Nullable;

/**
 * How thresholds follow "at most one false page in N steps". The thresholds that do (their records
 * read them with {@link SettingsReader.Section#pageThreshold}) are distances, in spreads or in
 * nats, that a healthy run exceeds the more rarely the larger they are. Where tails are exponential
 * the distance exceeded once in N steps grows with ln(N), so one factor serves all of them:
 *
 * <p>factor = 1 + SLOPE * ln(N / N_DEFAULT), from LEAST to MOST.
 *
 * <p>Calibration: on 4 million steps resampled from quiet runs the defaults paged 8 times; with all
 * these thresholds multiplied by 0.4 to 1.4 they paged 35 times to once, and ln(pages a step) fell
 * by 2.5 (standard error 0.35) with each unit of the factor. Intervals below 110,000 and above 1.4
 * million steps, where the factor reaches 0.4 and 1.4, were not measured and get those bounds.
 */
public final class FalsePages {
  /** The interval, in steps, that the default thresholds stand for. */
  public static final double N_DEFAULT = 500_000;

  /** Growth of the factor with ln(N). */
  static final double SLOPE = 0.4;

  /** Bounds of the factor: outside them nothing was measured. */
  private static final double LEAST = 0.4;

  private static final double MOST = 1.4;

  /** How a policy names the interval. */
  public static final String NAME = "false_page_interval_steps";

  /** Intervals one may ask for. */
  public static final Bound BOUND = Bound.within(1_000, 100_000_000);

  private FalsePages() {}

  /** The factor on the thresholds for an interval; 1 when none was set. */
  static double factor(@Nullable Double intervalSteps) {
    if (intervalSteps == null) {
      return 1;
    }
    double factor = 1 + SLOPE * StrictMath.log(intervalSteps / N_DEFAULT);
    return Math.min(Math.max(factor, LEAST), MOST);
  }
}
