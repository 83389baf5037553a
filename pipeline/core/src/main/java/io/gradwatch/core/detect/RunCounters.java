package io.gradwatch.core.detect;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.stats.Trend;

/** How many observations of a run were seen, at what distance, and how many of some kinds. */
public final class RunCounters implements State {
  private static final double MEDIUM = Trend.weight(Trend.MEDIUM_HALF_LIFE);

  private long lastStep;
  private double stepInterval;
  private long steps;
  private long stepsSkipped;
  private long stepsNonfinite;
  private long stepsClipped;

  @Override
  public void fields(StateCodec codec) {
    lastStep = codec.i64(lastStep);
    stepInterval = codec.f64(stepInterval);
    steps = codec.i64(steps);
    stepsSkipped = codec.i64(stepsSkipped);
    stepsNonfinite = codec.i64(stepsNonfinite);
    stepsClipped = codec.i64(stepsClipped);
  }

  void count(Reading reading, Observation observation) {
    long step = reading.step();
    if (steps > 0 && step > lastStep) {
      double weight = Math.max(1.0 / steps, MEDIUM);
      stepInterval += weight * (step - lastStep - stepInterval);
    }
    lastStep = step;
    steps++;
    stepsSkipped += observation.updateSkipped() ? 1 : 0;
    stepsNonfinite += reading.nonFinite() ? 1 : 0;
    stepsClipped += reading.norm() > observation.get(Scalar.CLIP_THRESHOLD) ? 1 : 0;
  }

  /** Step of the newest observation. */
  public long lastStep() {
    return lastStep;
  }

  /** Mean distance of two observations in steps; 1 until two were seen. */
  public double stepInterval() {
    return stepInterval > 0 ? stepInterval : 1;
  }

  /** Observations seen, over all attempts. */
  public long steps() {
    return steps;
  }

  /** Steps whose update the loss scaler skipped. */
  public long stepsSkipped() {
    return stepsSkipped;
  }

  /** Steps with a NaN or infinity in loss, gradient or weights. */
  public long stepsNonfinite() {
    return stepsNonfinite;
  }

  /** Steps whose norm was above the clip threshold applied. */
  public long stepsClipped() {
    return stepsClipped;
  }
}
