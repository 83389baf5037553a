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

  /** Positive losses in a row after which negative ones before them were odd numbers. */
  private static final int FORGETTING = 100;

  private boolean linear;
  private long negatives;
  private long positives;

  @Override
  public void fields(StateCodec codec) {
    linear = codec.flag(linear);
    if (codec.since(2)) {
      negatives = codec.i64(negatives);
      positives = codec.i64(positives);
    }
  }

  /** Takes a loss as reported; true when it settles that the loss may be negative. */
  boolean learn(double loss) {
    if (loss >= 0 && ++positives >= FORGETTING) {
      negatives = 0;
    }
    if (linear || !(loss < 0 && loss > Double.NEGATIVE_INFINITY)) {
      return false;
    }
    positives = 0;
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
