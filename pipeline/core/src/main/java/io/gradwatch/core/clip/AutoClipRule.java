package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.PublishedClip;
import io.gradwatch.core.stats.LogHistogram;

/**
 * A percentile of all norms of the run so far (P. Seetharaman, G. Wichern, B. Pardo and J. Le Roux,
 * "AutoClip: Adaptive Gradient Clipping for Source Separation Networks", MLSP 2020). Its history is
 * a {@link LogHistogram}, so the threshold is within 2.2 % of the percentile.
 *
 * <p>Served from afar it differs in three ways. A step is clipped by the norms before it, not by
 * its own too; the percentile is the norm of its rank (the nearest), not one between two norms,
 * which differs in the first few steps only; and norms of 0 or that are not finite have no rank.
 * The scale of norms does not matter.
 */
final class AutoClipRule implements ClipRule {
  private static final double NEVER_FORGET = 1;

  private final double percentile;

  AutoClipRule(PublishedClip.AutoClip settings) {
    this.percentile = settings.autoclipPercentile();
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
      LogHistogram.update(cells, 0, norm, NEVER_FORGET);
    }
    return LogHistogram.percentile(cells, 0, percentile);
  }
}
