package io.gradwatch.core.clip;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import org.jspecify.annotations.Nullable;

/** The advice of a run as it is remembered. */
public final class Advice implements State {
  private double threshold;
  private long madeAtStep;
  private long raisedAtCount;
  private long count;
  private boolean frozen;
  private boolean resumed;
  private boolean rewound;

  @Override
  public void fields(StateCodec codec) {
    threshold = codec.f64(threshold);
    madeAtStep = codec.i64(madeAtStep);
    raisedAtCount = codec.i64(raisedAtCount);
    count = codec.i64(count);
    frozen = codec.flag(frozen);
    resumed = codec.flag(resumed);
    rewound = codec.flag(rewound);
  }

  /** Threshold advised now; NaN until there is one. */
  public double threshold() {
    return threshold > 0 ? threshold : Double.NaN;
  }

  /**
   * A newer attempt has begun, whose trainer knows none of the advice so far.
   *
   * @param wentBack true when it began at a step that was seen before
   */
  public void beginAttempt(boolean wentBack) {
    resumed = true;
    rewound = wentBack;
  }

  /** Why the advice has to be told again to a new attempt; null when it has not. */
  @Nullable AdviceReason owed() {
    if (!resumed) {
      return null;
    }
    return rewound ? AdviceReason.REWOUND : AdviceReason.RENEWED;
  }

  /** Counts an observation and answers how many there were. */
  long observe() {
    return ++count;
  }

  /** Observations since the threshold was last raised. */
  long sinceRaise() {
    return count - raisedAtCount;
  }

  long madeAtStep() {
    return madeAtStep;
  }

  boolean frozen() {
    return frozen;
  }

  void make(double newThreshold, long step, boolean isFrozen) {
    if (newThreshold > threshold) {
      raisedAtCount = count;
    }
    threshold = newThreshold;
    madeAtStep = step;
    frozen = isFrozen;
    resumed = false;
    rewound = false;
  }
}
