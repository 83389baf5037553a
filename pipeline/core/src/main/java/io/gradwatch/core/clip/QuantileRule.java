package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.PublishedClip;
import io.gradwatch.core.stats.LogHistogram;

/**
 * A percentile of the recent norms: {@link AutoClipRule} that forgets, as trainers with a window of
 * norms have it. Instead of a window of N norms each norm weighs {@code (N - 1) / (N + 1)} of the
 * next one, which gives the same mean age and the same variance of a mean; so a change has gone
 * half way after a third of N, not after half of it, and never leaves at once. Within 2.2 % of the
 * weighted percentile; a step is clipped by the norms before it. The scale of norms does not
 * matter.
 */
final class QuantileRule implements ClipRule {
  private final double percentile;
  private final double keep;

  QuantileRule(PublishedClip.Quantile settings) {
    this.percentile = settings.quantilePercentile();
    this.keep = (settings.quantileNorms() - 1.0) / (settings.quantileNorms() + 1.0);
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
