package io.gradwatch.core.stats;

/**
 * For how many values in a row a level has stood where it is. A flyweight over {@link #CELLS}
 * consecutive cells of an array of the caller, all zero at first.
 */
final class Standing {
  static final int CELLS = 2;

  /**
   * Values after which a level that stands still is what is normal now: longer than what is lost
   * for good takes to be paged and looked at, and longer than anything heals.
   */
  private static final int SETTLING = 500;

  /** Spreads within which noise keeps the medium level of a series that stands still. */
  private static final double STANDING_SPREADS = 0.6;

  private static final int PLACE = 0;
  private static final int STOOD = 1;

  private Standing() {}

  /** Takes a level; true when it has stood still for long. */
  static boolean settles(double[] cells, int at, double level, double spread) {
    if (Math.abs(level - cells[at + PLACE]) > STANDING_SPREADS * spread) {
      cells[at + PLACE] = level;
      cells[at + STOOD] = 0;
      return false;
    }
    return ++cells[at + STOOD] >= SETTLING;
  }

  /** Where the level stands. */
  static double place(double[] cells, int at) {
    return cells[at + PLACE];
  }
}
