package io.gradwatch.core.detect;

/**
 * How far the loss scale of mixed precision has fallen without a rise in between. A scaler that
 * works raises its scale again after a while without overflow (P. Micikevicius et al., "Mixed
 * Precision Training", 2018, section 3.2), so a scale that only falls means gradients that outgrow
 * it. Falls before the first update was made are the search for a scale and do not count. A
 * flyweight over {@link #CELLS} cells of an array of the caller, all zero at first.
 */
final class ScaleFall {
  static final int CELLS = 4;

  private static final double LN_2 = StrictMath.log(2);

  private static final int SCALE = 0;

  /** Scale from which it fell; 0: it has not fallen. */
  private static final int HIGHEST = 1;

  private static final int ONSET = 2;

  /** 1 once an update was made. */
  private static final int UPDATED = 3;

  private ScaleFall() {}

  /**
   * Takes the loss scale of a step.
   *
   * @param scale NaN when not reported; one that is not a positive number says nothing
   */
  static void update(double[] cells, int at, long step, double scale, boolean skipped) {
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      return;
    }
    double before = cells[at + SCALE];
    cells[at + SCALE] = scale;
    if (scale > before || cells[at + UPDATED] == 0) {
      cells[at + HIGHEST] = 0;
    } else if (scale < before && cells[at + HIGHEST] == 0) {
      cells[at + HIGHEST] = before;
      cells[at + ONSET] = step;
    }
    if (!skipped) {
      cells[at + UPDATED] = 1;
    }
  }

  /** Halvings since it last rose; 0 when it has not fallen. */
  static double halvings(double[] cells, int at) {
    return cells[at + HIGHEST] > 0
        ? StrictMath.log(cells[at + HIGHEST] / cells[at + SCALE]) / LN_2
        : 0;
  }

  /** The newest scale; NaN when none was told. */
  static double scale(double[] cells, int at) {
    return cells[at + SCALE] > 0 ? cells[at + SCALE] : Double.NaN;
  }

  /** Scale from which it fell. */
  static double highest(double[] cells, int at) {
    return cells[at + HIGHEST];
  }

  /** First step with a lower scale. */
  static long onset(double[] cells, int at) {
    return (long) cells[at + ONSET];
  }
}
