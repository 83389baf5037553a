package io.gradwatch.console.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of each layer over the steps of one attempt in bounded memory: rows are layers or bands
 * of neighbours, columns stretches of steps, each cell the largest value that fell into it. NaN and
 * infinity are the largest of all; a cell that nothing fell into is below every value.
 */
final class LayerGrid implements Stretches.Kept {
  static final int MOST_ROWS = 128;
  static final int COLUMNS = 96;

  private static final float NOTHING = Float.NEGATIVE_INFINITY;

  private final Stretches stretches = new Stretches(COLUMNS);
  private final int layers;
  private final int rows;
  private final float[] cells;

  /**
   * @param layers how many there are, at least 1
   */
  LayerGrid(int layers) {
    this.layers = layers;
    this.rows = Math.min(layers, MOST_ROWS);
    this.cells = new float[rows * COLUMNS];
    Arrays.fill(cells, NOTHING);
  }

  /** Bytes that a grid of so many layers takes. */
  static long bytes(int layers) {
    return 4L * Math.min(layers, MOST_ROWS) * COLUMNS;
  }

  int layers() {
    return layers;
  }

  int rows() {
    return rows;
  }

  /** The row of a layer. */
  int rowOf(int layer) {
    return (int) ((long) layer * rows / layers);
  }

  /** The first layer of a row. */
  int firstLayer(int row) {
    return (int) (((long) row * layers + rows - 1) / rows);
  }

  /** One more step; values beyond the layers known are left out. */
  void add(long step, List<Float> values) {
    int column = stretches.indexOf(step, this);
    int count = Math.min(values.size(), layers);
    for (int layer = 0; layer < count; layer++) {
      int cell = rowOf(layer) * COLUMNS + column;
      cells[cell] = larger(cells[cell], values.get(layer));
    }
  }

  /** First steps of the columns. */
  List<Long> steps() {
    List<Long> steps = new ArrayList<>();
    for (int column = 0; column < stretches.count(); column++) {
      steps.add(stretches.firstStep(column));
    }
    return steps;
  }

  /** The cells of a row; null where nothing was reported. */
  List<@Nullable Float> row(int row) {
    List<@Nullable Float> values = new ArrayList<>();
    for (int column = 0; column < stretches.count(); column++) {
      float value = cells[row * COLUMNS + column];
      values.add(value == NOTHING ? null : value);
    }
    return values;
  }

  @Override
  public void shift(int by) {
    for (int row = 0; row < rows; row++) {
      int start = row * COLUMNS;
      System.arraycopy(cells, start, cells, start + by, COLUMNS - by);
      Arrays.fill(cells, start, start + by, NOTHING);
    }
  }

  @Override
  public void halve() {
    for (int row = 0; row < rows; row++) {
      int start = row * COLUMNS;
      for (int column = 0; column < COLUMNS / 2; column++) {
        cells[start + column] = larger(cells[start + 2 * column], cells[start + 2 * column + 1]);
      }
      Arrays.fill(cells, start + COLUMNS / 2, start + COLUMNS, NOTHING);
    }
  }

  /** NaN wins, for {@link Math#max} gives NaN when either is. */
  private static float larger(float one, float other) {
    return Math.max(one, other);
  }
}
