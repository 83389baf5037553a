package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.PublishedClip;

/**
 * Some deviations above the exponentially weighted mean of the norms (A. Kumar et al., "ZClip:
 * Adaptive Spike Mitigation for LLM Pre-Training", arXiv:2504.02507, algorithm 1). Mean and
 * variance begin as those of the first 25 norms; there is no threshold before. Each later norm is
 * learnt as ZClip would have clipped it: where its z-score exceeds the bound, as {@code mean + z^2
 * variance / (norm - mean)}, the less the larger it is.
 *
 * <p>Served from afar a step cannot be clipped by its own z-score: the threshold is the mean and z
 * deviations, where ZClip's clipping begins. ZClip's 1e-6 beside the deviation is left out, so that
 * the scale of norms does not matter.
 */
final class ZClipRule implements ClipRule {
  private static final int COUNT = 0;
  private static final int MEAN = 1;
  private static final int VARIANCE = 2;

  private final PublishedClip.ZClip settings;

  ZClipRule(PublishedClip.ZClip settings) {
    this.settings = settings;
  }

  @Override
  public int cells() {
    return 3;
  }

  @Override
  public Guard guard() {
    return Guard.DEAD_BAND;
  }

  @Override
  public double wanted(double[] cells, Reading reading, RunSeries series, boolean disturbed) {
    double norm = ClipRule.norm(reading);
    if (!Double.isNaN(norm)) {
      if (cells[COUNT] < settings.zclipWarmupNorms()) {
        warmUp(cells, norm);
      } else {
        learn(cells, norm);
      }
    }
    return cells[COUNT] < settings.zclipWarmupNorms() ? Double.NaN : threshold(cells);
  }

  /** Plain mean and variance by Welford's recurrence. */
  private static void warmUp(double[] cells, double norm) {
    double count = ++cells[COUNT];
    double before = norm - cells[MEAN];
    cells[MEAN] += before / count;
    cells[VARIANCE] += (before * (norm - cells[MEAN]) - cells[VARIANCE]) / count;
  }

  private void learn(double[] cells, double norm) {
    double excess = norm - cells[MEAN];
    double z = settings.zclipZ();
    double learnt = norm;
    if (norm > threshold(cells)) {
      learnt = cells[MEAN] + z * z * cells[VARIANCE] / excess;
    }
    double weight = 1 - settings.zclipAlpha();
    cells[MEAN] += weight * (learnt - cells[MEAN]);
    double rest = learnt - cells[MEAN];
    cells[VARIANCE] += weight * (rest * rest - cells[VARIANCE]);
  }

  private double threshold(double[] cells) {
    return cells[MEAN] + settings.zclipZ() * Math.sqrt(cells[VARIANCE]);
  }
}
