package io.gradwatch.core.signal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one optimizer step reported. A value that was not reported is absent, which is different
 * from a NaN that was.
 *
 * <p>Filled once by whoever decodes an event and only read after that.
 */
public final class Observation implements RunEvent.Body {
  private int reported;
  private final double[] values = new double[Scalar.COUNT];
  private final float[] @Nullable [] layers = new float[LayerSeries.COUNT][];
  private @Nullable Log2Histogram histogram;
  private Map<String, Double> metrics = Map.of();

  /** Reports one scalar. */
  public Observation set(Scalar scalar, double value) {
    values[scalar.index()] = value;
    reported |= 1 << scalar.index();
    return this;
  }

  /** True when the scalar was reported, be it as NaN. */
  public boolean has(Scalar scalar) {
    return (reported & 1 << scalar.index()) != 0;
  }

  /** The scalar as reported; NaN when it was not. */
  public double get(Scalar scalar) {
    return has(scalar) ? values[scalar.index()] : Double.NaN;
  }

  /** True when the loss scaler is known to have skipped the update of this step. */
  public boolean updateSkipped() {
    return get(Scalar.UPDATE_SKIPPED) == 1;
  }

  /** Reports one value per layer; the array is owned by this observation from now on. */
  public Observation setLayers(LayerSeries series, float @Nullable [] perLayer) {
    layers[series.index()] = perLayer;
    return this;
  }

  /** One value per layer in forward order, not to be changed; null when not reported. */
  public float @Nullable [] layers(LayerSeries series) {
    return layers[series.index()];
  }

  /** Reports the histogram of |gradient|. */
  public Observation setHistogram(@Nullable Log2Histogram histogram) {
    this.histogram = histogram;
    return this;
  }

  /** Histogram of |gradient|; null when not reported. */
  public @Nullable Log2Histogram histogram() {
    return histogram;
  }

  /** Reports any other series by name. */
  public Observation setMetrics(Map<String, Double> metrics) {
    this.metrics = metrics;
    return this;
  }

  /** Any other series by name; empty when none was reported. */
  public Map<String, Double> metrics() {
    return metrics;
  }
}
