package io.gradwatch.core.closedloop;

import io.gradwatch.core.clip.Recommendation;
import java.util.List;

/** How a trainer finds the threshold it clips the gradient to. */
interface Clipping {
  /** Threshold for the gradient of this step, which is not known to it; infinite: no clipping. */
  double threshold(int step);

  /** Takes what came of a step, NaN and infinities included. */
  default void observe(int step, double loss, double norm, double learningRate, double applied) {}

  /** The advice it went by. */
  default List<Recommendation> advice() {
    return List.of();
  }

  /** One threshold for good. */
  static Clipping fixed(double threshold) {
    return step -> threshold;
  }

  /** No clipping. */
  static Clipping none() {
    return fixed(Double.POSITIVE_INFINITY);
  }
}
