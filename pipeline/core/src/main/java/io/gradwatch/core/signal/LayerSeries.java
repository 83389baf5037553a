package io.gradwatch.core.signal;

/** A number per layer that a trainer may report with a step, in forward order of the layers. */
public enum LayerSeries {
  /** L2 norm of the layer's gradient. */
  GRAD_NORM(0),
  /** L2 norm of the layer's weights after the step. */
  WEIGHT_NORM(1),
  /** L2 norm of the change the step made to the layer's weights. */
  UPDATE_NORM(2),
  /** Share of the layer's gradient components that are exactly 0. */
  ZERO_FRACTION(3);

  /** Number of layer series. */
  public static final int COUNT = 4;

  private final int index;

  LayerSeries(int index) {
    this.index = index;
  }

  /** Place in an observation, 0 to {@link #COUNT} - 1; never written to state. */
  public int index() {
    return index;
  }
}
