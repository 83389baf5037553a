package io.gradwatch.lab.publisher;

/** Arithmetic over more memory than the nearest cache holds: what a trainer does between steps. */
final class TrainerWork {
  private static final int VALUES = 1 << 16;

  /** Values between two looks at the clock: well below a microsecond of work. */
  private static final int SLICE = 256;

  private final double[] values = new double[VALUES];
  private int next;

  /** Works until then, on the clock of nanoTime; not at all when it is past. */
  void until(long nanos) {
    while (System.nanoTime() - nanos < 0) {
      for (int i = next; i < next + SLICE; i++) {
        values[i] = 0.999 * values[i] + 0.001;
      }
      next = (next + SLICE) % VALUES;
    }
  }
}
