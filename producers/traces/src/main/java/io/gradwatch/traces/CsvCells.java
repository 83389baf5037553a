package io.gradwatch.traces;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/**
 * Splits CSV text into rows of cells (RFC 4180): quoted cells may hold commas, doubled quotes and
 * line ends; lines end with LF, CRLF or CR; blank lines and a leading byte order mark are passed
 * over; blanks around unquoted cells are not part of them. One row is held at a time.
 */
final class CsvCells implements Closeable {
  /** No row is longer than this many characters; a longer one is no CSV. */
  static final int LONGEST_ROW = 1 << 23;

  private static final int BLOCK = 1 << 13;
  private static final int END = -1;
  private static final int MORE = -2;

  private final Reader in;
  private final String source;
  private final char[] block;
  private int position;
  private int limit;

  private char[] text = new char[1 << 10];
  private int length;
  private int[] bounds = new int[64];
  private int count;
  private long line = 1;
  private long rowLine;
  private boolean terminated;

  CsvCells(Reader in, String source) throws IOException {
    this(in, source, BLOCK);
  }

  /**
   * @param block characters read at once
   */
  CsvCells(Reader in, String source, int block) throws IOException {
    this.in = in;
    this.source = source;
    this.block = new char[block];
    if (peek() == '\uFEFF') {
      position++;
    }
  }

  /** Reads the next row that is not blank; false at the end. */
  boolean next() throws IOException {
    do {
      if (peek() == END) {
        return false;
      }
      row();
    } while (count == 1 && start(0) == end(0));
    return true;
  }

  /** Number of cells of this row. */
  int count() {
    return count;
  }

  /** Line on which this row begins, from 1. */
  long line() {
    return rowLine;
  }

  /** False when the file ended within this row, which then may be torn. */
  boolean terminated() {
    return terminated;
  }

  /** The characters in which {@link #start} and {@link #end} count; valid until the next row. */
  char[] text() {
    return text;
  }

  /** Where a cell begins. */
  int start(int cell) {
    return bounds[2 * cell];
  }

  /** Where a cell ends, exclusive. */
  int end(int cell) {
    return bounds[2 * cell + 1];
  }

  boolean isBlank(int cell) {
    return start(cell) == end(cell);
  }

  String cell(int cell) {
    return new String(text, start(cell), end(cell) - start(cell));
  }

  private void row() throws IOException {
    rowLine = line;
    length = 0;
    count = 0;
    int ending;
    do {
      ending = peek() == '"' ? quotedCell() : plainCell();
    } while (ending == ',');
    terminated = ending != END;
    line++;
  }

  /**
   * Reads up to the end of an unquoted cell; returns what ended it: a comma, a line feed or END.
   */
  private int plainCell() throws IOException {
    int from = length;
    int ending = appendPlain();
    while (ending == MORE) {
      ending = appendPlain();
    }
    int to = length;
    while (to > from && isBlank(text[to - 1])) {
      to--;
    }
    while (from < to && isBlank(text[from])) {
      from++;
    }
    addCell(from, to);
    return ending;
  }

  /**
   * Appends what the block holds of an unquoted cell and reads what ended it; returns MORE when the
   * cell goes on after the block. Where nearly all of the time of a backtest's reading goes: one
   * pass over the block without a call for each character.
   */
  private int appendPlain() throws IOException {
    if (peek() == END) {
      return END;
    }
    makeRoom(limit - position);
    char[] from = block;
    char[] to = text;
    int at = position;
    int end = limit;
    int written = length;
    while (at < end) {
      char c = from[at];
      if (c <= ',' && (c == ',' || c == '\n' || c == '\r')) {
        break;
      }
      to[written++] = c;
      at++;
    }
    position = at;
    length = written;
    checkLength();
    return at == end ? MORE : read();
  }

  private int quotedCell() throws IOException {
    int from = length;
    read();
    while (true) {
      int c = read();
      if (c == END) {
        throw new TraceFormatException(source, rowLine, "a quoted cell is not closed");
      }
      if (c == '"') {
        if (peek() != '"') {
          break;
        }
        read();
      } else if (c == '\n') {
        line++;
      }
      append((char) c);
    }
    addCell(from, length);
    int ending = read();
    if (ending != ',' && ending != '\n' && ending != END) {
      throw new TraceFormatException(
          source,
          line,
          "cell "
              + count
              + ": found '"
              + (char) ending
              + "' after the closing quote; allowed: a comma or the line's end");
    }
    return ending;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private void addCell(int from, int to) {
    if (2 * count == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[2 * count] = from;
    bounds[2 * count + 1] = to;
    count++;
  }

  private void append(char c) throws TraceFormatException {
    makeRoom(1);
    text[length++] = c;
    checkLength();
  }

  private void makeRoom(int characters) {
    if (length + characters > text.length) {
      text = Arrays.copyOf(text, Math.max(2 * text.length, length + characters));
    }
  }

  private void checkLength() throws TraceFormatException {
    if (length > LONGEST_ROW) {
      throw new TraceFormatException(
          source, rowLine, "longer than " + LONGEST_ROW + " characters: no line of a CSV file");
    }
  }

  /** The next character, CR and CRLF read as LF. */
  private int read() throws IOException {
    int c = peek();
    if (c == END) {
      return END;
    }
    position++;
    if (c != '\r') {
      return c;
    }
    if (peek() == '\n') {
      position++;
    }
    return '\n';
  }

  private int peek() throws IOException {
    if (position == limit) {
      limit = Math.max(0, in.read(block));
      position = 0;
      if (limit == 0) {
        return END;
      }
    }
    return block[position];
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
