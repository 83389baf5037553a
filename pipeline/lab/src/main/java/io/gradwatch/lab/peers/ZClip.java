package io.gradwatch.lab.peers;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * The z-score of the norm of the gradient is above 2.5: where ZClip clips (Kumar et al. 2025,
 * arXiv:2504.02507, algorithm 1; zclip/zclip.py of bluorion-com/ZClip at 1acb0857, with its
 * defaults), here an alarm.
 *
 * <p>Mean and variance start from the first 25 norms and decay with 0.97 a step; a norm that was
 * clipped enters them as clipped. A norm that is no number is passed over, where ZClip's mean would
 * stay NaN for good.
 */
final class ZClip implements PeerRule {
  static final int WARM_UP = 25;
  static final double Z_THRESHOLD = 2.5;
  private static final double ALPHA = 0.97;
  private static final double EPSILON = 1e-6;

  private int seen;
  private double mean;
  private double variance;

  @Override
  public @Nullable Verdict observe(Observation observation) {
    double norm = observation.get(Scalar.GRAD_NORM);
    if (!Double.isFinite(norm)) {
      return null;
    }
    if (seen < WARM_UP) {
      warmUp(norm);
      return null;
    }
    double deviation = Math.sqrt(variance);
    double z = (norm - mean) / (deviation + EPSILON);
    boolean clips = z > Z_THRESHOLD;
    double taken = clips ? mean + Z_THRESHOLD * deviation * Z_THRESHOLD / z : norm;
    mean = ALPHA * mean + (1 - ALPHA) * taken;
    variance = ALPHA * variance + (1 - ALPHA) * (taken - mean) * (taken - mean);
    return clips ? Verdict.GRADIENT : null;
  }

  /** Welford: after the last one, mean and variance of all. */
  private void warmUp(double norm) {
    seen++;
    double before = norm - mean;
    mean += before / seen;
    variance += (before * (norm - mean) - variance) / seen;
  }
}
