package io.gradwatch.console.model;

/**
 * Divides the steps since a first one into at most so many stretches of one width. When a step lies
 * beyond the last stretch, neighbours are joined and the width doubles.
 */
final class Stretches {
  /** Whoever keeps something for each stretch. */
  interface Joined {
    /** Stretches 2i and 2i + 1 become stretch i, of all there are. */
    void halve();
  }

  private final int capacity;
  private long origin = -1;
  private long width = 1;
  private int count;

  /**
   * @param capacity most stretches, even
   */
  Stretches(int capacity) {
    this.capacity = capacity;
  }

  /**
   * The stretch of a step; joins stretches until there is one. Steps before the first are in it.
   */
  int indexOf(long step, Joined joined) {
    if (origin < 0) {
      origin = step;
    }
    long distance = Math.max(0, step - origin);
    while (distance / width >= capacity) {
      joined.halve();
      width *= 2;
      count = (count + 1) / 2;
    }
    int index = (int) (distance / width);
    count = Math.max(count, index + 1);
    return index;
  }

  /** Stretches up to the newest one. */
  int count() {
    return count;
  }

  /** First step of a stretch. */
  long firstStep(int index) {
    return origin + index * width;
  }
}
