package io.gradwatch.lab.peers;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * The loss is NaN or infinite: {@code keras.callbacks.TerminateOnNaN} (Keras 3) and {@code
 * EarlyStopping(check_finite=True)} of Lightning 2, without parameters.
 */
final class TerminateOnNan implements PeerRule {
  @Override
  public @Nullable Verdict observe(Observation observation) {
    return observation.has(Scalar.LOSS) && !Double.isFinite(observation.get(Scalar.LOSS))
        ? Verdict.NON_FINITE
        : null;
  }
}
