package io.gradwatch.lab.peers;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * The loss, or the norm of the gradient, lies more than six standard deviations above the mean of
 * the last 128: {@code SkipStepOptimizer} of OLMo-core (src/olmo_core/optim/skip_step_optimizer.py
 * at a14de852), with its defaults; it skips such a step. It speaks from the 64th step on. A NaN
 * compares as no step to take, as long as it is in the window.
 */
final class SkipStep implements PeerRule {
  static final int INTERVAL = 128;
  static final double SIGMAS = 6;
  static final int LEAST = Math.max(20, INTERVAL / 2);

  private final RollingWindow losses = new RollingWindow(INTERVAL);
  private final RollingWindow norms = new RollingWindow(INTERVAL);

  @Override
  public @Nullable Verdict observe(Observation observation) {
    boolean takesLoss = takes(losses, observation, Scalar.LOSS);
    boolean takesNorm = takes(norms, observation, Scalar.GRAD_NORM);
    if (!takesLoss) {
      return Verdict.LOSS;
    }
    return takesNorm ? null : Verdict.GRADIENT;
  }

  private static boolean takes(RollingWindow earlier, Observation observation, Scalar scalar) {
    if (!observation.has(scalar)) {
      return true;
    }
    double value = observation.get(scalar);
    boolean takes =
        earlier.size() + 1 < LEAST
            || value - earlier.mean() <= SIGMAS * earlier.standardDeviation();
    earlier.add(value);
    return takes;
  }
}
