package io.gradwatch.core.signal;

/** A number a trainer may report with a step. The index is the place in an {@link Observation}. */
public enum Scalar {
  /** Training loss, in its own unit; any real number. */
  LOSS(0),
  /** Global L2 norm of the gradient; at least 0. */
  GRAD_NORM(1),
  /** Learning rate: context of a finding, never its evidence. */
  LEARNING_RATE(2),
  /** Clip threshold applied at this step, in units of the gradient norm. */
  CLIP_THRESHOLD(3),
  /** Loss scale of mixed-precision training. */
  LOSS_SCALE(4),
  /** Number of NaN or infinite gradient components. */
  NONFINITE_COUNT(5),
  /** Samples in the global batch. */
  BATCH_SIZE(6),
  /** Largest absolute gradient component. */
  GRAD_ABS_MAX(7),
  /** 1 when the loss scaler skipped the optimizer step, else 0. */
  UPDATE_SKIPPED(8);

  /** Number of scalars. */
  public static final int COUNT = 9;

  private final int index;

  Scalar(int index) {
    this.index = index;
  }

  /** Place in an observation, 0 to {@link #COUNT} - 1; never written to state. */
  public int index() {
    return index;
  }
}
