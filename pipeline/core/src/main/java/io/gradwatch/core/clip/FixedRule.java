package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.PublishedClip;

/**
 * One threshold for the whole run, known from the first step on (R. Pascanu, T. Mikolov and Y.
 * Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1).
 * Served from afar it is the same; it depends on the scale of the norms.
 */
final class FixedRule implements ClipRule {
  private final double threshold;

  FixedRule(PublishedClip.Fixed settings) {
    this.threshold = settings.fixedThreshold();
  }

  @Override
  public int cells() {
    return 0;
  }

  @Override
  public Guard guard() {
    return Guard.NONE;
  }

  @Override
  public double wanted(double[] cells, Reading reading, RunSeries series, boolean disturbed) {
    return threshold;
  }
}
