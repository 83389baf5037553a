package io.gradwatch.traces;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Rows of a CSV recording. */
final class CsvSource implements RowSource {
  private final CsvCells cells;
  private final CsvRows rows;

  CsvSource(Reader in, String source) throws IOException {
    this.cells = new CsvCells(in, source);
    if (!cells.next()) {
      throw new TraceFormatException(
          source, "empty; allowed: a header line with a column 'step', then rows");
    }
    this.rows = new CsvRows(new CsvColumns(cells, source, 0, FieldNames.exact()), source);
  }

  @Override
  public long line() {
    return cells.line();
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    if (!cells.next() || rows.isTorn(cells)) {
      return null;
    }
    return rows.read(cells, 0);
  }

  @Override
  public void close() throws IOException {
    cells.close();
  }
}
