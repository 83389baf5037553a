package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.PublishedClip;

/**
 * A factor above the exponentially weighted mean of the norms as they were clipped (G. Wang et al.,
 * "AdaGC: Improving Training Stability for Large Language Model Pretraining", arXiv:2502.11034,
 * algorithm 1). During the first 100 steps the global norm is clipped at an absolute threshold and
 * the mean begins as the least clipped norm; so it is not free of the scale of norms.
 *
 * <p>The paper clips each tensor by its own mean, as {@link AdaGcLayers} advises; for those who
 * clip by the global norm it has one here too. Served from afar a step is clipped by the norms
 * before it, which is what the paper does too, and the norm that is learnt is the one that the
 * advice would have left, not the one that was applied.
 */
final class AdaGcRule implements ClipRule {
  /** Cells of one series of norms. */
  static final int CELLS = 2;

  private static final int COUNT = 0;
  private static final int MEAN = 1;

  private final PublishedClip.AdaGc settings;

  AdaGcRule(PublishedClip.AdaGc settings) {
    this.settings = settings;
  }

  @Override
  public int cells() {
    return CELLS;
  }

  @Override
  public Guard guard() {
    return Guard.DEAD_BAND;
  }

  @Override
  public double wanted(double[] cells, Reading reading, RunSeries series, boolean disturbed) {
    double norm = ClipRule.norm(reading);
    if (!Double.isNaN(norm)) {
      learn(cells, 0, norm, norm, settings);
    }
    return threshold(cells, 0, settings);
  }

  /**
   * Learns the norm of one series: of the whole gradient, or of a layer.
   *
   * @param at the first of its cells
   * @param norm finite and above 0
   * @param globalNorm norm of the whole gradient at that step, which warm-up clips by
   */
  static void learn(
      double[] cells, int at, double norm, double globalNorm, PublishedClip.AdaGc settings) {
    double mean = cells[at + MEAN];
    if (warmsUp(cells, at, settings)) {
      double clipped = norm * Math.min(1, settings.adagcThreshold() / globalNorm);
      cells[at + MEAN] = cells[at + COUNT] == 0 ? clipped : Math.min(mean, clipped);
    } else {
      double clipped = Math.min(norm, settings.adagcFactor() * mean);
      cells[at + MEAN] = mean + (1 - settings.adagcBeta()) * (clipped - mean);
    }
    cells[at + COUNT]++;
  }

  /** True until one series has seen the norms of its warm-up. */
  static boolean warmsUp(double[] cells, int at, PublishedClip.AdaGc settings) {
    return cells[at + COUNT] < settings.adagcWarmupNorms();
  }

  /** Threshold of one series; during warm-up the absolute one, which is for the global norm. */
  static double threshold(double[] cells, int at, PublishedClip.AdaGc settings) {
    return warmsUp(cells, at, settings)
        ? settings.adagcThreshold()
        : settings.adagcFactor() * cells[at + MEAN];
  }
}
