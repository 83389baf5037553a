package io.gradwatch.lab.streams;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Rolling mean and deviation of each series of a run as they lie in a store: count, mean and sum of
 * squared deviations, 24 bytes a series. Up to a hundred values all weigh the same (Welford 1962);
 * from then on each takes a hundredth of the weight of those before, so that they look back about
 * as far as the last hundred rows and need not keep them.
 */
final class Moments {
  static final int WINDOW = 100;
  private static final int SERIES_BYTES = 3 * Double.BYTES;
  private static final int RESULT_BYTES = 2 * Float.BYTES;

  private final byte[] stored;
  private final byte[] told;
  private final ByteBuffer state;
  private final ByteBuffer results;

  private Moments(byte[] stored) {
    this.stored = stored;
    this.told = new byte[stored.length / SERIES_BYTES * RESULT_BYTES];
    this.state = ByteBuffer.wrap(stored);
    this.results = ByteBuffer.wrap(told);
  }

  /**
   * Those of a run with so many series.
   *
   * @param stored what {@link #state} gave; null, or of another number of series, is a new run
   */
  static Moments of(byte @Nullable [] stored, int series) {
    int bytes = series * SERIES_BYTES;
    return new Moments(stored == null || stored.length != bytes ? new byte[bytes] : stored);
  }

  /** The next value of one series. */
  void add(int series, double value) {
    int at = series * SERIES_BYTES;
    double count = Math.min(state.getDouble(at) + 1, WINDOW);
    double mean = state.getDouble(at + Double.BYTES);
    double squares = state.getDouble(at + 2 * Double.BYTES);
    if (state.getDouble(at) >= WINDOW) {
      squares *= 1 - 1.0 / WINDOW;
    }
    double before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
    state.putDouble(at, count);
    state.putDouble(at + Double.BYTES, mean);
    state.putDouble(at + 2 * Double.BYTES, squares);
    results.putFloat(series * RESULT_BYTES, (float) mean);
    results.putFloat(
        series * RESULT_BYTES + Float.BYTES, (float) Math.sqrt(Math.max(0, squares / count)));
  }

  /** For the store. */
  byte[] state() {
    return stored;
  }

  /** Mean and deviation of each series, as floats. */
  byte[] results() {
    return told;
  }
}
