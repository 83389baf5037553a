package io.gradwatch.core.stats;

/**
 * What {@link Trend} does with a value, for many trends at once: one short loop for each part of
 * it, over arrays that all have the same index. Java's compiler makes such loops into instructions
 * over as many numbers as a register holds, if they have no branches and not much in them; what
 * needs a branch is a loop of its own. The order of operations on each number is that of {@link
 * Trend}, so results are the same to the last bit.
 *
 * <p>Room for what is computed on the way, used again for every step; not safe for use by several
 * threads at once.
 */
public final class TrendPass {
  /** Trends at a time: what one loop leaves the next one finds in the fastest cache. */
  private static final int BLOCK = 128;

  private double[] near = {};

  /** Spreads, or the resolution where a series does not move. */
  private double[] unit = {};

  /** How far an innovation lies beyond its bound, where it does. */
  private double[] beyond = {};

  private double ofFast;
  private double ofMedium;
  private double ofSlow;
  private double ofSpread;

  private final double[] one = new double[Trend.CELLS];

  /** Room for a single trend. */
  double[] one() {
    return one;
  }

  /**
   * Learns values and forgives a rise.
   *
   * @param count values each trend has seen with this one, which decides on its weight; above
   *     {@link Trend#LEARNING}
   */
  void learn(
      double[][] cells, int from, int to, double[] values, long step, double rise, double count) {
    makeRoom(to);
    ofFast = Trend.weight(Trend.FAST, count);
    ofMedium = Trend.weight(Trend.MEDIUM, count);
    ofSlow = Trend.weight(Trend.SLOW, count);
    ofSpread = Trend.weight(Trend.SLOW, count - 1);
    for (int at = from; at < to; at += BLOCK) {
      learnBlock(cells, at, Math.min(at + BLOCK, to), values, step, rise);
    }
  }

  private void learnBlock(
      double[][] cells, int from, int to, double[] values, long step, double rise) {
    double[] fast = cells[Trend.FAST_LEVEL];
    double[] medium = cells[Trend.MEDIUM_LEVEL];
    double[] slow = cells[Trend.SLOW_LEVEL];
    double[] spread = cells[Trend.SPREAD];
    double[] row = cells[Trend.ROW];
    double[] low = cells[Trend.LOW];

    floors(spread, slow, from, to);
    innovate(values, medium, from, to);
    if (anyIsBeyond(row, from, to)) {
      winsorise(values, medium, row, from, to);
    }
    countOne(cells[Trend.COUNT], from, to);
    spreads(values, cells[Trend.LAST], spread, from, to);
    levels(fast, medium, slow, from, to);
    floors(spread, slow, from, to);
    settle(cells[Trend.STANDING], medium, low, from, to);
    extremes(medium, low, cells[Trend.HIGH], from, to);
    leave(fast, low, cells[Trend.LOW_STEP], cells[Trend.LEFT], step, from, to);
    forgive(medium, low, from, to, rise);
  }

  private void makeRoom(int count) {
    if (count > near.length) {
      near = new double[count];
      unit = new double[count];
      beyond = new double[count];
    }
  }

  private static void countOne(double[] count, int from, int to) {
    for (int i = from; i < to; i++) {
      count[i] += 1;
    }
  }

  private void floors(double[] spread, double[] slow, int from, int to) {
    double[] floor = unit;
    for (int i = from; i < to; i++) {
      floor[i] = Math.max(spread[i], Trend.RESOLUTION * (1 + Math.abs(slow[i])));
    }
  }

  private void innovate(double[] values, double[] medium, int from, int to) {
    double[] bounded = near;
    double[] outside = beyond;
    double[] floor = unit;
    for (int i = from; i < to; i++) {
      double innovation = values[i] - medium[i];
      double bound = Trend.WINSOR * floor[i];
      outside[i] = Math.abs(innovation) - bound;
      bounded[i] = medium[i] + innovation;
    }
  }

  /** True when a value lies beyond its bound, or the one before it did. */
  private boolean anyIsBeyond(double[] row, int from, int to) {
    double[] outside = beyond;
    long rows = 0;
    long within = -1;
    for (int i = from; i < to; i++) {
      rows |= Double.doubleToRawLongBits(row[i]);
      within &= Double.doubleToRawLongBits(outside[i]);
    }
    return rows != 0 || within >= 0;
  }

  private void winsorise(double[] values, double[] medium, double[] row, int from, int to) {
    for (int i = from; i < to; i++) {
      if (row[i] != 0 || beyond[i] > 0) {
        double innovation = values[i] - medium[i];
        near[i] = medium[i] + Trend.winsorise(row, i, innovation, Trend.WINSOR * unit[i]);
      }
    }
  }

  private void spreads(double[] values, double[] last, double[] spread, int from, int to) {
    double[] floor = unit;
    double weight = ofSpread;
    for (int i = from; i < to; i++) {
      double deviation = Math.abs((values[i] - last[i]) * Trend.SQRT_HALF);
      double sigma =
          Math.min(deviation, Trend.SPREAD_WINSOR * floor[i]) * Trend.SIGMA_PER_MEAN_DEVIATION;
      spread[i] += weight * (sigma - spread[i]);
      last[i] = values[i];
    }
  }

  private void levels(double[] fast, double[] medium, double[] slow, int from, int to) {
    double[] value = near;
    double toFast = ofFast;
    double toMedium = ofMedium;
    double toSlow = ofSlow;
    for (int i = from; i < to; i++) {
      fast[i] += toFast * (value[i] - fast[i]);
      medium[i] += toMedium * (value[i] - medium[i]);
      slow[i] += toSlow * (value[i] - slow[i]);
    }
  }

  private void settle(double[] standing, double[] medium, double[] low, int from, int to) {
    double[] floor = unit;
    for (int i = from; i < to; i++) {
      int at = i * Standing.CELLS;
      if (Standing.settles(standing, at, medium[i], floor[i])) {
        low[i] = Math.max(low[i], Trend.settled(standing, at, floor[i]));
      }
    }
  }

  private static void extremes(double[] medium, double[] low, double[] high, int from, int to) {
    for (int i = from; i < to; i++) {
      low[i] = Math.min(medium[i], low[i]);
      high[i] = Math.max(medium[i], high[i]);
    }
  }

  private void leave(
      double[] fast, double[] low, double[] lowStep, double[] left, long step, int from, int to) {
    double[] floor = unit;
    for (int i = from; i < to; i++) {
      if (fast[i] <= low[i] + floor[i]) {
        lowStep[i] = step;
        left[i] = fast[i];
      }
    }
  }

  /** {@link Trend#forgive} of trends whose numbers are given. */
  static void forgive(double[] medium, double[] low, int from, int to, double rise) {
    for (int i = from; i < to; i++) {
      low[i] = low[i] + Math.min(rise, Math.max(0, medium[i] - low[i]));
    }
  }
}
