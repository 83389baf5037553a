package io.gradwatch.core.clip;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.stats.Trend;
import java.util.Arrays;

/**
 * What was told of the scopes besides the global norm: the thresholds of the layers, 8 bytes each,
 * and the bound of single components. All are kept as logarithms.
 */
public final class ScopeAdvice implements State {
  private double[] layers = {};
  private double[] reach = {};
  private double value;
  private boolean valueIsTold;
  private double global;
  private boolean told;

  @Override
  public void fields(StateCodec codec) {
    layers = codec.f64s(layers);
    reach = codec.f64s(reach);
    value = codec.f64(value);
    valueIsTold = codec.flag(valueIsTold);
    global = codec.f64(global);
    told = codec.flag(told);
  }

  /** ln of the threshold told to each layer; NaN for a layer without advice. */
  double[] layers() {
    return layers;
  }

  /** Makes room for more layers, of which nothing was told. */
  void layers(int count) {
    int before = layers.length;
    if (count > before) {
      layers = Arrays.copyOf(layers, count);
      Arrays.fill(layers, before, count, Double.NaN);
    }
  }

  /** ln of the bound told for components; NaN when there is none. */
  double value() {
    return valueIsTold ? value : Double.NaN;
  }

  /** ln of the global threshold that they were told with; NaN before anything was told. */
  double global() {
    return told ? global : Double.NaN;
  }

  /** Takes what is told now. */
  void tell(double newValue, double newGlobal) {
    valueIsTold = !Double.isNaN(newValue);
    value = valueIsTold ? newValue : 0;
    global = newGlobal;
    told = true;
  }

  /**
   * Cells of the {@link Trend} of ln(bound of a component over the threshold of the norm); none
   * before a step lets it be known.
   */
  double[] reach() {
    return reach;
  }

  void learnReach(long step, double log) {
    if (reach.length == 0) {
      reach = new double[Trend.CELLS];
    }
    Trend.update(reach, 0, step, log);
  }
}
