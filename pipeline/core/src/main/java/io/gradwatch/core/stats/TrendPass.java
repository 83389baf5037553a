package io.gradwatch.core.stats;

/**
 * What {@link Trend} does with a value, for many trends at once: one short loop for each part of
 * it, over arrays that all have the same index. The numbers of a run's trends lie in one array, as
 * memory is read fastest in one go; they are taken from there and put back. Java's compiler makes
 * such loops into instructions over as many numbers as a register holds, if they have no branches
 * and not much in them; what needs a branch is a loop of its own. The order of operations on each
 * number is that of {@link Trend}, so results are the same to the last bit.
 *
 * <p>Room for what is computed on the way, used again for every step; not safe for use by several
 * threads at once.
 */
public final class TrendPass {
  /** Trends at a time: what one loop leaves the next one finds in the fastest cache. */
  private static final int BLOCK = 128;

  // What loops without branches need, a row each.
  private final double[] fast = new double[BLOCK];
  private final double[] medium = new double[BLOCK];
  private final double[] slow = new double[BLOCK];
  private final double[] spread = new double[BLOCK];
  private final double[] low = new double[BLOCK];
  private final double[] high = new double[BLOCK];
  private final double[] last = new double[BLOCK];
  private final double[] value = new double[BLOCK];

  /** Values within their bounds. */
  private final double[] near = new double[BLOCK];

  /** Spreads, or the resolution where a series does not move. */
  private final double[] unit = new double[BLOCK];

  /** How far an innovation lies beyond its bound, where it does. */
  private final double[] beyond = new double[BLOCK];

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
   * @param cells as {@link LayerTrends} has them
   * @param size trends in it
   * @param from the first trend that learns
   * @param to behind the last one
   * @param values one for each trend in {@code cells}, finite for those that learn
   * @param step the optimizer step
   * @param rise as of {@link Trend#forgive}
   * @param count values each trend has seen with this one, which decides on its weight; above
   *     {@link Trend#LEARNING}
   */
  void learn(
      double[] cells,
      int size,
      int from,
      int to,
      double[] values,
      long step,
      double rise,
      double count) {
    ofFast = Trend.weightAt(Trend.FAST, count);
    ofMedium = Trend.weightAt(Trend.MEDIUM, count);
    ofSlow = Trend.weightAt(Trend.SLOW, count);
    ofSpread = Trend.weightAt(Trend.SLOW, count - 1);
    for (int at = from; at < to; at += BLOCK) {
      int layers = Math.min(BLOCK, to - at);
      System.arraycopy(values, at, value, 0, layers);
      learnBlock(cells, size, at, layers, step, rise);
    }
  }

  private void learnBlock(double[] cells, int size, int at, int layers, long step, double rise) {
    int row = Trend.ROW * size + at;
    take(cells, size, at, layers);
    floors(layers);
    innovate(layers);
    if (anyIsBeyond(cells, row, layers)) {
      winsorise(cells, row, layers);
    }
    spreads(layers);
    levels(layers);
    floors(layers);
    settle(cells, Trend.STANDING * size + at * Standing.CELLS, layers);
    extremes(layers);
    leave(cells, Trend.LOW_STEP * size + at, Trend.LEFT * size + at, step, layers);
    forgive(rise, layers);
    countOne(cells, Trend.COUNT * size + at, layers);
    put(cells, size, at, layers);
  }

  private void take(double[] cells, int size, int at, int layers) {
    System.arraycopy(cells, Trend.FAST_LEVEL * size + at, fast, 0, layers);
    System.arraycopy(cells, Trend.MEDIUM_LEVEL * size + at, medium, 0, layers);
    System.arraycopy(cells, Trend.SLOW_LEVEL * size + at, slow, 0, layers);
    System.arraycopy(cells, Trend.SPREAD * size + at, spread, 0, layers);
    System.arraycopy(cells, Trend.LOW * size + at, low, 0, layers);
    System.arraycopy(cells, Trend.LAST * size + at, last, 0, layers);
    System.arraycopy(cells, Trend.HIGH * size + at, high, 0, layers);
  }

  private void put(double[] cells, int size, int at, int layers) {
    System.arraycopy(fast, 0, cells, Trend.FAST_LEVEL * size + at, layers);
    System.arraycopy(medium, 0, cells, Trend.MEDIUM_LEVEL * size + at, layers);
    System.arraycopy(slow, 0, cells, Trend.SLOW_LEVEL * size + at, layers);
    System.arraycopy(spread, 0, cells, Trend.SPREAD * size + at, layers);
    System.arraycopy(low, 0, cells, Trend.LOW * size + at, layers);
    System.arraycopy(value, 0, cells, Trend.LAST * size + at, layers);
    System.arraycopy(high, 0, cells, Trend.HIGH * size + at, layers);
  }

  private static void countOne(double[] cells, int at, int layers) {
    for (int i = at; i < at + layers; i++) {
      cells[i] += 1;
    }
  }

  private void floors(int layers) {
    double[] spreads = spread;
    double[] levels = slow;
    double[] floors = unit;
    for (int i = 0; i < layers; i++) {
      floors[i] = Math.max(spreads[i], Trend.RESOLUTION * (1 + Math.abs(levels[i])));
    }
  }

  private void innovate(int layers) {
    double[] values = value;
    double[] levels = medium;
    double[] floors = unit;
    double[] bounded = near;
    double[] outside = beyond;
    for (int i = 0; i < layers; i++) {
      double innovation = values[i] - levels[i];
      outside[i] = Math.abs(innovation) - Trend.WINSOR * floors[i];
      bounded[i] = levels[i] + innovation;
    }
  }

  /** True when a value lies beyond its bound, or the one before it did. */
  private boolean anyIsBeyond(double[] cells, int row, int layers) {
    double[] outside = beyond;
    long rows = 0;
    long within = -1;
    for (int i = 0; i < layers; i++) {
      rows |= Double.doubleToRawLongBits(cells[row + i]);
      within &= Double.doubleToRawLongBits(outside[i]);
    }
    return rows != 0 || within >= 0;
  }

  private void winsorise(double[] cells, int row, int layers) {
    for (int i = 0; i < layers; i++) {
      if (cells[row + i] != 0 || beyond[i] > 0) {
        double bound = Trend.WINSOR * unit[i];
        near[i] = medium[i] + Trend.winsorise(cells, row + i, value[i] - medium[i], bound);
      }
    }
  }

  private void spreads(int layers) {
    double[] values = value;
    double[] before = last;
    double[] floors = unit;
    double[] spreads = spread;
    double weight = ofSpread;
    for (int i = 0; i < layers; i++) {
      double deviation = Math.abs((values[i] - before[i]) * Trend.SQRT_HALF);
      double sigma =
          Math.min(deviation, Trend.SPREAD_WINSOR * floors[i]) * Trend.SIGMA_PER_MEAN_DEVIATION;
      spreads[i] += weight * (sigma - spreads[i]);
    }
  }

  private void levels(int layers) {
    double[] bounded = near;
    double[] fasts = fast;
    double[] mediums = medium;
    double[] slows = slow;
    double toFast = ofFast;
    double toMedium = ofMedium;
    double toSlow = ofSlow;
    for (int i = 0; i < layers; i++) {
      fasts[i] += toFast * (bounded[i] - fasts[i]);
      mediums[i] += toMedium * (bounded[i] - mediums[i]);
      slows[i] += toSlow * (bounded[i] - slows[i]);
    }
  }

  private void settle(double[] cells, int standing, int layers) {
    double[] floors = unit;
    double[] levels = medium;
    for (int i = 0; i < layers; i++) {
      int at = standing + i * Standing.CELLS;
      if (Standing.settles(cells, at, levels[i], floors[i])) {
        low[i] = Math.max(low[i], Trend.settled(cells, at, floors[i]));
      }
    }
  }

  private void extremes(int layers) {
    double[] levels = medium;
    double[] lows = low;
    double[] highs = high;
    for (int i = 0; i < layers; i++) {
      lows[i] = Math.min(levels[i], lows[i]);
      highs[i] = Math.max(levels[i], highs[i]);
    }
  }

  private void leave(double[] cells, int lowStep, int left, long step, int layers) {
    double[] levels = fast;
    double[] lows = low;
    double[] floors = unit;
    for (int i = 0; i < layers; i++) {
      if (levels[i] <= lows[i] + floors[i]) {
        cells[lowStep + i] = step;
        cells[left + i] = levels[i];
      }
    }
  }

  private void forgive(double rise, int layers) {
    double[] levels = medium;
    double[] lows = low;
    for (int i = 0; i < layers; i++) {
      lows[i] = lows[i] + Math.min(rise, Math.max(0, levels[i] - lows[i]));
    }
  }
}
