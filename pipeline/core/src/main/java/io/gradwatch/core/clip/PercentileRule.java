package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.PublishedClip;
import io.gradwatch.core.stats.LogHistogram;

/**
 * A percentile of the norms before a step: of all of them ({@link #autoClip}) or, forgetting, of
 * the recent ones ({@link #quantile}). The history is a {@link LogHistogram}, so the threshold is
 * within 2.2 % of the percentile. The scale of norms does not matter.
 */
final class PercentileRule implements ClipRule {
  private static final double NEVER_FORGET = 1;

  private final double percentile;
  private final double keep;

  private PercentileRule(double percentile, double keep) {
    this.percentile = percentile;
    this.keep = keep;
  }

  /**
   * AutoClip (P. Seetharaman, G. Wichern, B. Pardo and J. Le Roux, "AutoClip: Adaptive Gradient
   * Clipping for Source Separation Networks", MLSP 2020). Served from afar it differs in three
   * ways. A step is clipped by the norms before it, not by its own too; the percentile is the norm
   * of its rank (the nearest), not one between two norms, which differs in the first few steps
   * only; and norms of 0 or that are not finite have no rank.
   */
  static PercentileRule autoClip(PublishedClip.AutoClip settings) {
    return new PercentileRule(settings.autoclipPercentile(), NEVER_FORGET);
  }

  /**
   * A percentile of the recent norms, as trainers with a window of norms have it. Instead of a
   * window of N norms each norm weighs {@code (N - 1) / (N + 1)} of the next one, which gives the
   * same mean age and the same variance of a mean; so a change has gone half way after a third of
   * N, not after half of it, and never leaves at once.
   */
  static PercentileRule quantile(PublishedClip.Quantile settings) {
    double norms = settings.quantileNorms();
    return new PercentileRule(settings.quantilePercentile(), (norms - 1) / (norms + 1));
  }

  @Override
  public int cells() {
    return LogHistogram.CELLS;
  }

  @Override
  public Guard guard() {
    return Guard.DEAD_BAND;
  }

  @Override
  public double wanted(double[] cells, Reading reading, RunSeries series, boolean disturbed) {
    double norm = ClipRule.norm(reading);
    if (!Double.isNaN(norm)) {
      LogHistogram.update(cells, 0, norm, keep);
    }
    return LogHistogram.percentile(cells, 0, percentile);
  }
}
