package io.gradwatch.core.monitor;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;

/**
 * The interval in steps at which a run reports, where it keeps one: only there can a step be known
 * to be missing. Some steps that were lost do not unsettle it, another interval that lasts does.
 */
final class Pace implements State {
  /** Distances in a row that make an interval. */
  static final int LEARNING = 8;

  /** Distances that count at most, so that a new interval is learnt after a few. */
  private static final int MOST = 32;

  private long intervalSteps;

  /** Distances that were the interval, less {@link #LEARNING} for each that was not. */
  private long row;

  @Override
  public void fields(StateCodec codec) {
    intervalSteps = codec.i64(intervalSteps);
    row = codec.i64(row);
  }

  /** Learns the distance of two observations, in steps. */
  void learn(long distance) {
    if (distance == intervalSteps) {
      row = Math.min(MOST, row + 1);
      return;
    }
    row -= LEARNING;
    if (row <= 0) {
      intervalSteps = distance;
      row = 1;
    }
  }

  /** True when a step is missing before one at this distance from the last. */
  boolean isGap(long distance) {
    return row >= LEARNING && distance > intervalSteps;
  }
}
