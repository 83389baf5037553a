package io.gradwatch.traces;

import java.util.Arrays;
import java.util.List;

/** Makes rows of cells, by the header that stands over them. */
final class CsvRows {

  /** What a column of another name turned out to hold, by its first cell. */
  private enum Content {
    UNKNOWN,
    NUMBERS,
    TEXT
  }

  private final String source;
  private final CsvColumns.Column[] columns;
  private final List<String> layerNames;
  private final boolean scaledNorm;
  private final Content[] contents;
  private final float[][] layers;
  private final int[] layersSeen = new int[LayerSeries.COUNT];

  CsvRows(CsvColumns header, String source) {
    this.source = source;
    this.columns = header.all().toArray(CsvColumns.Column[]::new);
    this.layerNames = header.layerNames();
    this.scaledNorm = header.all().stream().anyMatch(c -> c.name().equals(Field.UNSCALED_NORM));
    this.contents = new Content[columns.length];
    Arrays.fill(contents, Content.UNKNOWN);
    this.layers = new float[layersSeen.length][layerNames.size()];
  }

  /** True for a last row that the file's end cut. */
  boolean isTorn(CsvCells cells) {
    return !cells.terminated() && cells.count() < columns.length;
  }

  /**
   * The row that the cells say.
   *
   * @param linesBefore lines of the source before the first of the cells
   */
  TraceRow read(CsvCells cells, long linesBefore) throws TraceFormatException {
    long line = linesBefore + cells.line();
    int expected = columns.length;
    if (cells.count() != expected) {
      throw new TraceFormatException(
          source,
          line,
          "found %d cells; allowed: %d, as many as the header has"
              .formatted(cells.count(), expected));
    }
    TraceRow row = new TraceRow();
    row.layerNames = layerNames;
    row.scaledNorm = scaledNorm;
    Arrays.fill(layersSeen, 0);
    for (int i = 0; i < expected; i++) {
      if (!cells.isBlank(i)) {
        read(cells, line, i, columns[i], row);
      }
    }
    if (!row.said.contains(Field.STEP)) {
      throw TraceFormatException.value(source, line, "step", "", "an integer from 0 to 2^53");
    }
    for (LayerSeries series : LayerSeries.values()) {
      if (layersSeen[series.index()] == layerNames.size() && !layerNames.isEmpty()) {
        row.layers(series, layers[series.index()], layerNames.size());
      }
    }
    return row;
  }

  private void read(CsvCells cells, long line, int cell, CsvColumns.Column column, TraceRow row)
      throws TraceFormatException {
    Field field = column.field();
    LayerSeries series = column.series();
    if (series != null) {
      layers[series.index()][column.layer()] =
          LayerSeries.toFloat(number(cells, line, cell, column));
      layersSeen[series.index()]++;
    } else if (field == null) {
      metric(cells, line, cell, column, row);
    } else if (field.isText()) {
      row.set(field, cells.cell(cell));
    } else {
      double value = number(cells, line, cell, column);
      String objection = field.objection(value);
      if (objection != null) {
        throw TraceFormatException.value(source, line, column.name(), cells.cell(cell), objection);
      }
      row.set(field, value);
    }
  }

  private void metric(CsvCells cells, long line, int cell, CsvColumns.Column column, TraceRow row)
      throws TraceFormatException {
    if (!column.isMetric() || contents[cell] == Content.TEXT) {
      return;
    }
    if (contents[cell] == Content.NUMBERS) {
      row.metric(column.name(), number(cells, line, cell, column));
      return;
    }
    try {
      row.metric(column.name(), NumberText.parse(cells.text(), cells.start(cell), cells.end(cell)));
      contents[cell] = Content.NUMBERS;
    } catch (NumberFormatException e) {
      contents[cell] = Content.TEXT;
    }
  }

  private double number(CsvCells cells, long line, int cell, CsvColumns.Column column)
      throws TraceFormatException {
    try {
      return NumberText.parse(cells.text(), cells.start(cell), cells.end(cell));
    } catch (NumberFormatException e) {
      throw TraceFormatException.value(
          source, line, column.name(), cells.cell(cell), NumberText.ALLOWED);
    }
  }
}
