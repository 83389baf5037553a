package io.gradwatch.lab.peers;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * The loss, or the norm of the gradient, is at least ten times the largest of its first 100 values:
 * {@code RerunStateMachine.is_unexpectedly_large} of Megatron-LM
 * (megatron/core/rerun_state_machine.py at 00caa53a), as {@code --check-for-spiky-loss} and {@code
 * --check-for-large-grads} call it. Megatron looks at the norm of each bucket of gradients, this at
 * the global one. NaN and infinities are passed over, as there.
 */
final class UnexpectedlyLarge implements PeerRule {
  static final int SAMPLES = 100;
  static final double THRESHOLD = 10;

  private final Largest loss = new Largest();
  private final Largest norm = new Largest();

  @Override
  public @Nullable Verdict observe(Observation observation) {
    boolean spikyLoss = loss.isExceeded(observation.get(Scalar.LOSS));
    boolean largeNorm = norm.isExceeded(observation.get(Scalar.GRAD_NORM));
    if (spikyLoss) {
      return Verdict.LOSS;
    }
    return largeNorm ? Verdict.GRADIENT : null;
  }

  /** The largest magnitude of the first values of one series. */
  private static final class Largest {
    private double largest;
    private int samples;

    boolean isExceeded(double value) {
      if (!Double.isFinite(value)) {
        return false;
      }
      double magnitude = Math.abs(value);
      if (samples < SAMPLES) {
        samples++;
        largest = Math.max(largest, magnitude);
        return false;
      }
      return magnitude >= THRESHOLD * largest;
    }
  }
}
