package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.policy.PublishedClip;
import io.gradwatch.core.signal.LayerSeries;

/**
 * Thresholds of layers as AdaGC has them: each a factor above the mean of the layer's own norms as
 * they were clipped (the paper of {@link AdaGcRule}, algorithm 1). During warm-up, which every
 * layer counts for itself, a layer has none and the whole gradient is clipped. 16 bytes a layer.
 *
 * <p>Steps whose global norm counts for no rule change nothing, nor does a layer's norm that is 0
 * or not finite.
 */
final class AdaGcLayers {
  private final PublishedClip.AdaGc settings;

  AdaGcLayers(PublishedClip.AdaGc settings) {
    this.settings = settings;
  }

  /** Learns the norms of the layers at a step. */
  void learn(ScopeAdvice scopes, Reading reading) {
    float[] norms = reading.observation().layers(LayerSeries.GRAD_NORM);
    double globalNorm = ClipRule.norm(reading);
    if (norms == null || Double.isNaN(globalNorm)) {
      return;
    }
    double[] cells = scopes.layerCells(norms.length * AdaGcRule.CELLS);
    for (int i = 0; i < norms.length; i++) {
      double norm = reading.withoutLossScale(norms[i]);
      if (norm >= ClipRule.LEAST_NORM && norm <= ClipRule.MOST_NORM) {
        AdaGcRule.learn(cells, i * AdaGcRule.CELLS, norm, globalNorm, settings);
      }
    }
  }

  /** ln of the threshold of a layer; NaN while it has none. */
  double threshold(ScopeAdvice scopes, int layer) {
    double[] cells = scopes.layerCells();
    int at = layer * AdaGcRule.CELLS;
    return at >= cells.length || AdaGcRule.warmsUp(cells, at, settings)
        ? Double.NaN
        : StrictMath.log(AdaGcRule.threshold(cells, at, settings));
  }
}
