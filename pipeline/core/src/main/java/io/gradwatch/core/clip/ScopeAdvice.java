package io.gradwatch.core.clip;

import io.gradwatch.core.policy.ClipScopes;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.stats.Trend;
import java.util.Arrays;

/**
 * What was told of the scopes besides the global norm: the thresholds of the layers, 8 bytes each,
 * and the bound of single components. All are kept as logarithms. Beside it stands what they are
 * advised from, where that is known to no other state.
 */
public final class ScopeAdvice implements State {
  private static final double[] NONE = {};

  private double[] layers = NONE;
  private double[] layerCells = NONE;
  private double[] reach = NONE;
  private double value;
  private boolean valueIsTold;
  private double global;
  private boolean told;

  @Override
  public void fields(StateCodec codec) {
    layers = codec.f64s(layers);
    layerCells = codec.f64s(layerCells);
    reach = codec.f64s(reach);
    value = codec.f64(value);
    valueIsTold = codec.flag(valueIsTold);
    global = codec.f64(global);
    told = codec.flag(told);
  }

  /** What advice on layers and components rests on, which goes back with the run. */
  public void baselines(StateCodec codec) {
    int count = layerCells.length;
    layerCells = codec.f64s(layerCells);
    layerCells(count);
    reach = codec.f64s(reach);
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

  /** Numbers of the rule that layers have of their own; none where they have none. */
  double[] layerCells() {
    return layerCells;
  }

  /** The same, with room for so many at least; the new ones are zero. */
  double[] layerCells(int count) {
    if (count > layerCells.length) {
      layerCells = Arrays.copyOf(layerCells, count);
    }
    return layerCells;
  }

  /** Forgets the numbers of a rule that is in force no more. */
  void forgetLayerCells() {
    layerCells = NONE;
  }

  /**
   * Forgets what is not to be advised, if ever it was.
   *
   * @return true when some of it was told
   */
  boolean keep(ClipScopes scopes) {
    boolean forgets =
        (!scopes.layers() && layers.length > 0) || (!scopes.components() && valueIsTold);
    if (!scopes.layers()) {
      layers = NONE;
    }
    if (!scopes.components()) {
      reach = NONE;
      value = 0;
      valueIsTold = false;
    }
    return forgets;
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
