package io.gradwatch.core.detect;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;

/**
 * Whether a run's losses are positive, as those that are minimised towards 0, or may be negative
 * (policy gradients, adversaries). One negative loss among positive ones is an odd number; a few
 * mean that the loss has a sign.
 */
final class LossSign implements State {
  /** Losses below 0 after which the loss is one that may be negative. */
  private static final int LASTING = 3;

  private boolean linear;
  private long negatives;

  @Override
  public void fields(StateCodec codec) {
    linear = codec.flag(linear);
    if (codec.since(2)) {
      negatives = codec.i64(negatives);
    }
  }

  /** Takes a loss as reported; true when it settles that the loss may be negative. */
  boolean learn(double loss) {
    if (linear || !(loss < 0 && loss > Double.NEGATIVE_INFINITY)) {
      return false;
    }
    linear = ++negatives >= LASTING;
    return linear;
  }

  /** True when the loss is one that may be negative. */
  boolean isLinear() {
    return linear;
  }

  /** True when a negative loss was seen, so that it may turn out to be one. */
  boolean isDoubtful() {
    return negatives > 0;
  }
}
