package io.gradwatch.core.stats;

import java.util.Arrays;

/**
 * The {@link Trend}s of all layers of a run, to the last bit what each would be by itself. They lie
 * cell by cell instead of layer by layer, so that the processor learns as many layers at a time as
 * its registers hold ({@link TrendPass}); a layer that differs from its neighbours, as its norm is
 * 0 or it joined late, is taken out and learns by itself.
 */
public final class LayerTrends {
  /** Layers in a row below which a pass over them costs more than one by one. */
  private static final int WORTH_A_PASS = 8;

  /** {@link #cells} before {@link Standing}, whose two lie beside each other. */
  static final int LEVELS = Trend.STANDING;

  /** Numbers in a cache line. */
  private static final int LINE = 8;

  private static final long EXPONENT = 0x7ff0000000000000L;

  /** A row of all layers for each cell; the last row has two numbers a layer. */
  private double[] cells = {};

  private int size;

  /** Of trends that lie one after the other. */
  public static LayerTrends of(double[] layerByLayer) {
    LayerTrends trends = new LayerTrends();
    trends.makeRoom(layerByLayer.length / Trend.CELLS);
    for (int layer = 0; layer < trends.size; layer++) {
      trends.put(layer, layerByLayer, layer * Trend.CELLS);
    }
    return trends;
  }

  /** The trends one after the other, as they are written. */
  public double[] layerByLayer() {
    double[] all = new double[size * Trend.CELLS];
    for (int layer = 0; layer < size; layer++) {
      copy(layer, all, layer * Trend.CELLS);
    }
    return all;
  }

  /** A copy of one layer's trend, for {@link Trend} to read. */
  public double[] of(int layer) {
    double[] one = new double[Trend.CELLS];
    copy(layer, one, 0);
    return one;
  }

  private void copy(int layer, double[] to, int at) {
    for (int cell = 0; cell < LEVELS; cell++) {
      to[at + cell] = cells[cell * size + layer];
    }
    System.arraycopy(cells, standing(layer), to, at + LEVELS, Standing.CELLS);
  }

  private void put(int layer, double[] from, int at) {
    for (int cell = 0; cell < LEVELS; cell++) {
      cells[cell * size + layer] = from[at + cell];
    }
    System.arraycopy(from, at + LEVELS, cells, standing(layer), Standing.CELLS);
  }

  private int standing(int layer) {
    return LEVELS * size + layer * Standing.CELLS;
  }

  /** Layers known. */
  public int size() {
    return size;
  }

  /** Makes room for so many layers at least; those that come later begin to be known then. */
  public void makeRoom(int layers) {
    if (layers <= size) {
      return;
    }
    double[] wider = new double[layers * Trend.CELLS];
    for (int cell = 0; cell < LEVELS; cell++) {
      System.arraycopy(cells, cell * size, wider, cell * layers, size);
    }
    System.arraycopy(cells, standing(0), wider, LEVELS * layers, size * Standing.CELLS);
    cells = wider;
    size = layers;
  }

  /**
   * Learns a value of each layer and forgives a rise of all.
   *
   * @param pass room for what is computed on the way
   * @param values one a layer from the first on; a layer without a finite one learns nothing
   * @param count how many of them; at most {@link #size}
   * @param step the optimizer step
   * @param rise as of {@link Trend#forgive}
   */
  public void update(TrendPass pass, double[] values, int count, long step, double rise) {
    // A NaN, which there is none, would be no harm: each layer by itself learns the same.
    if (count > 0 && fetch(cells) && allAreGrown(values, count)) {
      pass.learn(cells, size, 0, count, values, step, rise, Trend.GROWN);
    } else {
      updateOddOnes(pass, values, count, step, rise);
    }
    for (int layer = count; layer < size; layer++) {
      forgive(layer, rise);
    }
  }

  /**
   * Reads once through all trends, a number a cache line. In a fleet no cache holds them, and
   * memory is quickest when it is read in one go.
   *
   * @return false where it met NaN; told so that the compiler cannot leave it out
   */
  private static boolean fetch(double[] cells) {
    double sum = 0;
    for (int i = 0; i < cells.length; i += LINE) {
      sum += cells[i];
    }
    return !Double.isNaN(sum);
  }

  /** True when all values are finite and no layer is young: nearly always. No branch a layer. */
  private boolean allAreGrown(double[] values, int count) {
    double[] seen = cells; // the first row
    long negativeIfOdd = 0;
    for (int i = 0; i < count; i++) {
      long exponent = Double.doubleToRawLongBits(values[i]) & EXPONENT;
      negativeIfOdd |= exponent + (1L << 52);
      negativeIfOdd |= Double.doubleToRawLongBits(seen[i] - (Trend.GROWN - 1));
    }
    return negativeIfOdd >= 0;
  }

  private void updateOddOnes(TrendPass pass, double[] values, int count, long step, double rise) {
    double[] seen = cells; // the first row
    int from = 0;
    while (from < count) {
      int to = from;
      while (to < count && learnAlike(seen[from], seen[to]) && Double.isFinite(values[to])) {
        to++;
      }
      if (to - from >= WORTH_A_PASS && seen[from] >= Trend.LEARNING) {
        pass.learn(cells, size, from, to, values, step, rise, seen[from] + 1);
      } else {
        to = Math.max(to, from + 1);
        for (int layer = from; layer < to; layer++) {
          updateOne(pass.one(), layer, values[layer], step, rise);
        }
      }
      from = to;
    }
  }

  /** True where trends that have seen so many values give the next one the same weights. */
  private static boolean learnAlike(double seen, double others) {
    return seen == others || Math.min(seen, others) >= Trend.GROWN - 1;
  }

  private void updateOne(double[] one, int layer, double value, long step, double rise) {
    if (!Double.isFinite(value)) {
      forgive(layer, rise);
      return;
    }
    copy(layer, one, 0);
    Trend.update(one, 0, step, value, rise);
    put(layer, one, 0);
  }

  private void forgive(int layer, double rise) {
    int low = Trend.LOW * size + layer;
    cells[low] = Trend.forgiven(cells[low], at(Trend.MEDIUM_LEVEL, layer), rise);
  }

  /** {@link Trend#restart} of all. */
  public void restart() {
    Arrays.fill(cells, 0);
  }

  /** {@link Trend#returnToLow} of all. */
  public void returnToLow() {
    int low = Trend.LOW * size;
    System.arraycopy(cells, low, cells, Trend.FAST_LEVEL * size, size);
    System.arraycopy(cells, low, cells, Trend.MEDIUM_LEVEL * size, size);
    System.arraycopy(cells, low, cells, Trend.SLOW_LEVEL * size, size);
    Arrays.fill(cells, Trend.ROW * size, (Trend.ROW + 1) * size, 0);
  }

  /** True when enough was seen of a layer to judge by. */
  public boolean ready(int layer) {
    return at(Trend.COUNT, layer) >= Trend.LEARNING;
  }

  /**
   * The first layer from one on that is {@link #ready} and whose fast level lies so far above its
   * lowest, or {@link #size} where none is.
   */
  public int firstRisen(double rise, int from) {
    for (int layer = from; layer < size; layer++) {
      if (at(Trend.FAST_LEVEL, layer) - at(Trend.LOW, layer) >= rise && ready(layer)) {
        return layer;
      }
    }
    return size;
  }

  /** Highest of the medium levels of those layers that are {@link #ready}; NaN where none is. */
  public double highestMedium(int from, int to) {
    double highest = Double.NEGATIVE_INFINITY;
    for (int layer = from; layer < to; layer++) {
      if (ready(layer)) {
        highest = Math.max(highest, at(Trend.MEDIUM_LEVEL, layer));
      }
    }
    return highest == Double.NEGATIVE_INFINITY ? Double.NaN : highest;
  }

  /** Level of the last few values; NaN when nothing was seen. */
  public double fast(int layer) {
    return read(layer, Trend.FAST_LEVEL);
  }

  /** Level of the last few dozen values; NaN when nothing was seen. */
  public double medium(int layer) {
    return read(layer, Trend.MEDIUM_LEVEL);
  }

  /** Level of the last hundred values or so; NaN when nothing was seen. */
  public double slow(int layer) {
    return read(layer, Trend.SLOW_LEVEL);
  }

  /** Lowest medium level since the trend is ready; NaN when nothing was seen. */
  public double low(int layer) {
    return read(layer, Trend.LOW);
  }

  /** Standard deviation around the level; NaN when fewer than two values were seen. */
  public double spread(int layer) {
    return at(Trend.COUNT, layer) < 2 ? Double.NaN : at(Trend.SPREAD, layer);
  }

  /** The spread, or the resolution of the level where the series does not move at all. */
  public double floorOfSpread(int layer) {
    return Trend.floorOfSpread(at(Trend.SPREAD, layer), at(Trend.SLOW_LEVEL, layer));
  }

  /** Growth per value; NaN until the trend is ready. See {@link Trend#growth}. */
  public double growth(int layer) {
    return Trend.growth(
        at(Trend.COUNT, layer), at(Trend.MEDIUM_LEVEL, layer), at(Trend.SLOW_LEVEL, layer));
  }

  private double read(int layer, int cell) {
    return at(Trend.COUNT, layer) == 0 ? Double.NaN : at(cell, layer);
  }

  private double at(int cell, int layer) {
    return cells[cell * size + layer];
  }
}
