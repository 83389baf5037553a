package io.gradwatch.traces;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV log that grows, line by line: the header first, and again wherever it stands once
 * more. A row stands on one line. Not for use by two threads at once.
 */
public final class CsvLines {
  private final FieldNames names;
  private @Nullable String header;
  private @Nullable CsvRows rows;

  /** Waits for the header. */
  public CsvLines(FieldNames names) {
    this.names = names;
  }

  /** Begins anew: the next line is the header. */
  public void begin() {
    header = null;
    rows = null;
  }

  /** The header's line; null before it was read. */
  public @Nullable String header() {
    return header;
  }

  /**
   * The row of a line; null when it is blank or a header.
   *
   * @param source where it stands, for messages
   * @param line its number there, from 1
   * @throws TraceFormatException when it is neither; the next may be
   */
  public @Nullable TraceRow read(String text, String source, long line)
      throws TraceFormatException {
    if (text.isBlank()) {
      return null;
    }
    CsvRows known = rows;
    if (known == null || isHeader(text, source)) {
      readHeader(text, source, line);
      return null;
    }
    return known.read(cells(text, source), line - 1);
  }

  /** A program that appends to the log of the one before writes its header once more. */
  private boolean isHeader(String text, String source) throws TraceFormatException {
    if (text.equals(header)) {
      return true;
    }
    CsvCells cells = cells(text, source);
    for (int i = 0; i < cells.count(); i++) {
      if (!cells.isBlank(i)
          && !isDigit(cells.text()[cells.start(i)])
          && names.field(cells.cell(i)) == Field.STEP) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void readHeader(String text, String source, long line) throws TraceFormatException {
    CsvCells cells = cells(text, source);
    rows = new CsvRows(new CsvColumns(cells, source, line - 1, names), source);
    header = text;
  }

  private static CsvCells cells(String text, String source) throws TraceFormatException {
    try {
      CsvCells cells = new CsvCells(new StringReader(text + "\n"), source, text.length() + 1);
      cells.next();
      return cells;
    } catch (TraceFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // text in memory
    }
  }
}
