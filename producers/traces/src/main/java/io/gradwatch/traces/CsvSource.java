package io.gradwatch.traces;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a CSV recording. */
final class CsvSource implements RowSource {

  /** What a column of another name turned out to hold, by its first cell. */
  private enum Content {
    UNKNOWN,
    NUMBERS,
    TEXT
  }

  private final String source;
  private final CsvCells cells;
  private final CsvColumns.Column[] columns;
  private final List<String> layerNames;
  private final boolean scaledNorm;
  private final Content[] contents;
  private final float[][] layers;
  private final int[] layersSeen = new int[LayerSeries.COUNT];

  CsvSource(Reader in, String source) throws IOException {
    this.source = source;
    this.cells = new CsvCells(in, source);
    if (!cells.next()) {
      throw new TraceFormatException(
          source, "empty; allowed: a header line with a column 'step', then rows");
    }
    CsvColumns header = new CsvColumns(cells, source);
    this.columns = header.all().toArray(CsvColumns.Column[]::new);
    this.layerNames = header.layerNames();
    this.scaledNorm = header.all().stream().anyMatch(c -> c.name().equals(Field.UNSCALED_NORM));
    this.contents = new Content[columns.length];
    Arrays.fill(contents, Content.UNKNOWN);
    this.layers = new float[layersSeen.length][layerNames.size()];
  }

  @Override
  public long line() {
    return cells.line();
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    if (!cells.next()) {
      return null;
    }
    int expected = columns.length;
    if (cells.count() != expected) {
      if (!cells.terminated() && cells.count() < expected) {
        return null;
      }
      throw new TraceFormatException(
          source,
          cells.line(),
          "found %d cells; allowed: %d, as many as the header has"
              .formatted(cells.count(), expected));
    }
    TraceRow row = new TraceRow();
    row.layerNames = layerNames;
    row.scaledNorm = scaledNorm;
    Arrays.fill(layersSeen, 0);
    for (int i = 0; i < expected; i++) {
      if (!cells.isBlank(i)) {
        read(i, columns[i], row);
      }
    }
    if (!row.said.contains(Field.STEP)) {
      throw TraceFormatException.value(
          source, cells.line(), "step", "", "an integer from 0 to 2^53");
    }
    for (LayerSeries series : LayerSeries.values()) {
      if (layersSeen[series.index()] == layerNames.size() && !layerNames.isEmpty()) {
        row.layers(series, layers[series.index()], layerNames.size());
      }
    }
    return row;
  }

  private void read(int cell, CsvColumns.Column column, TraceRow row) throws IOException {
    Field field = column.field();
    LayerSeries series = column.series();
    if (series != null) {
      layers[series.index()][column.layer()] = LayerSeries.toFloat(number(cell, column));
      layersSeen[series.index()]++;
    } else if (field == null) {
      metric(cell, column, row);
    } else if (field.isText()) {
      row.set(field, cells.cell(cell));
    } else {
      double value = number(cell, column);
      String objection = field.objection(value);
      if (objection != null) {
        throw TraceFormatException.value(
            source, cells.line(), column.name(), cells.cell(cell), objection);
      }
      row.set(field, value);
    }
  }

  private void metric(int cell, CsvColumns.Column column, TraceRow row) throws IOException {
    if (!column.isMetric() || contents[cell] == Content.TEXT) {
      return;
    }
    if (contents[cell] == Content.NUMBERS) {
      row.metric(column.name(), number(cell, column));
      return;
    }
    try {
      row.metric(column.name(), NumberText.parse(cells.text(), cells.start(cell), cells.end(cell)));
      contents[cell] = Content.NUMBERS;
    } catch (NumberFormatException e) {
      contents[cell] = Content.TEXT;
    }
  }

  private double number(int cell, CsvColumns.Column column) throws TraceFormatException {
    try {
      return NumberText.parse(cells.text(), cells.start(cell), cells.end(cell));
    } catch (NumberFormatException e) {
      throw TraceFormatException.value(
          source, cells.line(), column.name(), cells.cell(cell), NumberText.ALLOWED);
    }
  }

  @Override
  public void close() throws IOException {
    cells.close();
  }
}
