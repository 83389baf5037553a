package io.gradwatch.core.clip;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.stats.Trend;

/**
 * What a clip threshold does to the norms of a run, or would do where it is not applied: how many
 * steps it clips, and by how much. Share and factor are exponentially weighted over recent steps,
 * counts are over all. A step costs a few multiplications, a clipped one a logarithm.
 *
 * <p>The factor is exp(excess / share): both forget at the same rate, so that their ratio is the
 * weighted mean of ln(norm / threshold) over the clipped steps alone.
 */
public final class ClipEffect implements State {
  /** Half-life of share and factor, in steps: many times that of the norms' levels. */
  public static final double HALF_LIFE = 200;

  /** Share below which what was clipped is forgotten: after thirty half-lives without any. */
  private static final double LEAST_SHARE = 1e-9;

  private static final double WEIGHT = Trend.weight(HALF_LIFE);

  private long steps;
  private long clipped;
  private long nonfinite;
  private double share;
  private double excess;

  @Override
  public void fields(StateCodec codec) {
    steps = codec.i64(steps);
    clipped = codec.i64(clipped);
    nonfinite = codec.i64(nonfinite);
    share = codec.f64(share);
    excess = codec.f64(excess);
  }

  /**
   * Takes a step.
   *
   * @param norm the gradient norm before clipping; one that is not finite is counted apart
   * @param threshold that was in force; NaN: none, and the step does not count
   */
  void take(double norm, double threshold) {
    if (Double.isNaN(threshold)) {
      return;
    }
    if (!Double.isFinite(norm)) {
      nonfinite++;
      return;
    }
    steps++;
    double weight = Math.max(WEIGHT, 1.0 / steps);
    boolean clips = norm > threshold;
    share += weight * ((clips ? 1 : 0) - share);
    excess *= 1 - weight;
    if (clips) {
      clipped++;
      excess += weight * (StrictMath.log(norm) - StrictMath.log(threshold));
    }
  }

  /** Steps with a finite norm. */
  public long steps() {
    return steps;
  }

  /** Those of them whose norm was above the threshold. */
  public long clipped() {
    return clipped;
  }

  /** Steps whose norm was NaN or infinite; in no other count. */
  public long nonfinite() {
    return nonfinite;
  }

  /** Share of the recent steps that were above the threshold, 0 to 1; NaN until one was seen. */
  public double share() {
    return steps == 0 ? Double.NaN : share;
  }

  /**
   * Geometric mean of norm over threshold of the recent steps that were above it, at least 1; NaN
   * where there was none.
   */
  public double factor() {
    return share < LEAST_SHARE ? Double.NaN : StrictMath.exp(excess / share);
  }
}
