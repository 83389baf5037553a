package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipPolicy;
import io.gradwatch.core.policy.PublishedClip;
import io.gradwatch.core.stats.Trend;

/**
 * One way to choose a threshold for the global gradient norm. Code only: what a rule remembers of a
 * run are numbers in cells that {@link Advice} keeps, all zero while it has seen nothing.
 */
interface ClipRule {
  /** What stands between the threshold that a rule wants and the one that is told. */
  enum Guard {
    /** Dead band, bounded raises, and no raise while a disturbance is under way. */
    BOUNDED,
    /** The dead band alone: who chooses a published rule gets what it says. */
    DEAD_BAND,
    /** Nothing: every change is told at once. */
    NONE
  }

  /** Least and largest norm whose squares are numbers. */
  double LEAST_NORM = 1e-150;

  double MOST_NORM = 1e150;

  /** The rule that a policy chooses. */
  static ClipRule of(ClipPolicy policy) {
    PublishedClip published = policy.published();
    return switch (policy.rule()) {
      case ADAPTIVE -> new AdaptiveRule(policy);
      case FIXED -> new FixedRule(published.fixed());
      case AUTOCLIP -> PercentileRule.autoClip(published.autoClip());
      case QUANTILE -> PercentileRule.quantile(published.quantile());
      case ZCLIP -> new ZClipRule(published.zClip());
      case ADAGC -> new AdaGcRule(published.adaGc());
    };
  }

  /** Cells the rule needs. */
  int cells();

  Guard guard();

  /**
   * Learns a step and answers the threshold wanted from now on.
   *
   * @param cells the rule's own numbers of the run, changed in place
   * @param series what is known of the run, this step included
   * @param disturbed true while an alarm is open that the norms cannot be trusted in
   * @return above 0; NaN: none yet
   */
  double wanted(double[] cells, Reading reading, RunSeries series, boolean disturbed);

  /**
   * False while the threshold is on its way from what the first norms say to where it belongs: its
   * raises need no interval until then.
   */
  default boolean settled(double[] cells) {
    return true;
  }

  /**
   * The norm that a published rule learns: without loss scale; NaN where it is 0, not finite, not
   * reported, so small or large that its square is no number (1e-150, 1e150), or of a skipped
   * update, all of which change nothing.
   */
  static double norm(Reading reading) {
    double norm = reading.norm();
    boolean counts = norm >= LEAST_NORM && norm <= MOST_NORM && !reading.skipped();
    return counts ? norm : Double.NaN;
  }

  /** ln of the centre of the norms that the threshold rests on; NaN: none since they began anew. */
  default double centre(double[] cells, RunSeries series) {
    return Trend.medium(series.norm(), 0);
  }

  /** Standard deviation of the log-norms around it; NaN: fewer than two. */
  default double spread(double[] cells, RunSeries series) {
    return Trend.spread(series.norm(), 0);
  }

  /** How much lower the threshold of a step is than the norms alone would have it. */
  default Lowering lowering(double[] cells, long step, RunSeries series) {
    return Lowering.NONE;
  }

  /** Lowest threshold that the norms of now could lead to; NaN: only the one wanted. */
  default double floor(double[] cells) {
    return Double.NaN;
  }

  /** Highest threshold that the norms of now could lead to; NaN: only the one wanted. */
  default double ceiling(double[] cells) {
    return Double.NaN;
  }
}
