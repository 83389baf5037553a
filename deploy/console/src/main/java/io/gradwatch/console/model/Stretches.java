package io.gradwatch.console.model;

/**
 * Divides the steps since a first one into at most so many stretches of one width. When a step lies
 * beyond the last stretch, neighbours are joined and the width doubles.
 */
final class Stretches {
  /** Whoever keeps something for each stretch. */
  interface Kept {
    /** Stretches 2i and 2i + 1 become stretch i, of all there are. */
    void halve();

    /** Stretch i becomes stretch i + by, of all there are; the first ones are new. */
    void shift(int by);
  }

  private final int capacity;
  private long origin;
  private long width = 1;
  private int count;

  /**
   * @param capacity most stretches, even
   */
  Stretches(int capacity) {
    this.capacity = capacity;
  }

  /**
   * The stretch of a step; joins stretches until there is one.
   *
   * @param step at least 0; below the first when another topic tells of it later
   */
  int indexOf(long step, Kept kept) {
    if (count == 0) {
      origin = step;
    }
    while (step < origin || (step - origin) / width >= capacity) {
      // Of at most so many, for what does not fit after joining fits after joining again.
      long missing = step < origin ? (origin - step - 1) / width + 1 : 0;
      if (missing > 0 && missing <= capacity - count) {
        kept.shift((int) missing);
        origin -= missing * width;
        count += (int) missing;
      } else {
        kept.halve();
        width *= 2;
        count = (count + 1) / 2;
      }
    }
    int index = (int) ((step - origin) / width);
    count = Math.max(count, index + 1);
    return index;
  }

  /** Stretches up to the newest one. */
  int count() {
    return count;
  }

  /** First step of a stretch. */
  long firstStep(int index) {
    return Math.max(0, origin + index * width);
  }
}
