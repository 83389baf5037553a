package io.gradwatch.agent.tail;

import io.gradwatch.traces.CsvLines;
import io.gradwatch.traces.FieldNames;
import io.gradwatch.traces.TraceFormatException;
import io.gradwatch.traces.TraceRow;
import java.util.function.Consumer;

/** CSV: a header, then a row a line. */
final class CsvLog implements LineFormat {
  private final CsvLines lines;

  CsvLog(FieldNames names) {
    this.lines = new CsvLines(names);
  }

  @Override
  public void begin() {
    lines.begin();
  }

  @Override
  public void read(String text, String source, long number, Consumer<TraceRow> out)
      throws TraceFormatException {
    TraceRow row = lines.read(text, source, number);
    if (row != null) {
      out.accept(TrainerRows.judged(row));
    }
  }

  /** A last cell may go on: 1.2 may become 1.25. */
  @Override
  public boolean isWhole(String text) {
    return false;
  }

  @Override
  public String memory() {
    String header = lines.header();
    return header == null ? "" : header;
  }

  @Override
  public void recall(String memory, String source) throws TraceFormatException {
    lines.begin();
    lines.read(memory, source, 1);
  }
}
