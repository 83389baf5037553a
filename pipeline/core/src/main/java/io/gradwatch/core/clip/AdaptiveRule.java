package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipPolicy;
import io.gradwatch.core.stats.Trend;

/**
 * Gradwatch's own rule: the centre of the recent log-norms plus a headroom that shrinks with their
 * spread: loose where norms are even, at the centre where they are heavy-tailed.
 *
 * <p>Centre and spread are winsorised ({@link Trend}) and learn from finite norms only, so neither
 * a NaN nor an outlier moves the threshold. The scale of norms and losses does not matter.
 */
final class AdaptiveRule implements ClipRule {
  private final ClipPolicy policy;

  AdaptiveRule(ClipPolicy policy) {
    this.policy = policy;
  }

  @Override
  public int cells() {
    return 0;
  }

  @Override
  public Guard guard() {
    return Guard.BOUNDED;
  }

  @Override
  public double wanted(double[] cells, Reading reading, RunSeries series, boolean disturbed) {
    double[] norm = series.norm();
    if (Trend.count(norm, 0) == 0) {
      return Double.NaN;
    }
    double spread = Trend.spread(norm, 0);
    double headroom = Double.isNaN(spread) ? 0 : Math.max(0, policy.headroom() - spread);
    return StrictMath.exp(Trend.medium(norm, 0) + headroom);
  }

  @Override
  public double floor(RunSeries series) {
    return StrictMath.exp(Trend.low(series.norm(), 0));
  }

  @Override
  public double ceiling(RunSeries series) {
    return StrictMath.exp(Trend.medium(series.norm(), 0) + Math.max(0, policy.headroom()));
  }
}
