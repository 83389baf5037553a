package io.gradwatch.core.detect;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;

/**
 * The size of a run's usual batch: the first told, until another lasts, which is a change of the
 * measure. A single other one is the short end of an epoch, one that compares is none.
 */
final class UsualBatch implements State {
  /** Ratio of two batch sizes from which on their losses and norms are not compared. */
  private static final double FACTOR = 1.5;

  /** Batches of another size in a row after which that size is the usual one. */
  private static final int LASTING = 3;

  private double size;
  private long othersInRow;

  @Override
  public void fields(StateCodec codec) {
    size = codec.f64(size);
    othersInRow = codec.i64(othersInRow);
  }

  /** Samples in the usual batch; 0 when none was told. */
  double size() {
    return size;
  }

  /** True when losses and norms of such a batch do not compare; false where one is not known. */
  boolean isOther(double samples) {
    return size > 0 && (samples > size * FACTOR || samples * FACTOR < size);
  }

  /**
   * Takes the size of a batch.
   *
   * @param samples NaN when not told
   * @return true when another size has become the usual one
   */
  boolean learn(double samples) {
    othersInRow = isOther(samples) ? othersInRow + 1 : 0;
    boolean changed = othersInRow >= LASTING;
    if (changed || (size == 0 && !Double.isNaN(samples))) {
      size = samples;
      othersInRow = 0;
    }
    return changed;
  }
}
