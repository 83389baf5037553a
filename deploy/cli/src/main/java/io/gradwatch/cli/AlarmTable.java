package io.gradwatch.cli;

import io.gradwatch.core.alarm.Severity;
import java.io.PrintWriter;

/** Alarms as rows for a person: which run, since when, how bad, what, and the sentence about it. */
final class AlarmTable {
  private static final int STEP_COLUMNS = 9;
  private static final int SEVERITY_COLUMNS = 8;
  private static final int KIND_COLUMNS = 25;
  private static final int MAX_RUN_COLUMNS = 40;
  private static final String GAP = "  ";

  private final PrintWriter out;
  private final Style style;
  private final int runColumns;
  private final int summaryColumns;
  private boolean headed;

  /**
   * @param runColumns width of the longest run id expected
   */
  AlarmTable(PrintWriter out, Terminal terminal, int runColumns) {
    this.out = out;
    this.style = terminal.outStyle();
    this.runColumns = Math.min(MAX_RUN_COLUMNS, Math.max("RUN".length(), runColumns));
    int before =
        this.runColumns + STEP_COLUMNS + SEVERITY_COLUMNS + KIND_COLUMNS + 4 * GAP.length();
    this.summaryColumns =
        terminal.out() ? Math.max(0, terminal.columns() - before) : Integer.MAX_VALUE;
  }

  /** One row, shown at once. */
  void add(String run, long step, Severity severity, String kind, String summary) {
    if (!headed) {
      headed = true;
      out.println(style.dim(row("RUN", "STEP", "SEVERITY", "KIND", "WHAT")));
    }
    String text =
        row(Style.harmless(run), Long.toString(step), severity.name(), kind, cut(summary));
    int start = runColumns + STEP_COLUMNS + 2 * GAP.length();
    int end = start + SEVERITY_COLUMNS;
    out.println(
        text.substring(0, start)
            + style.severity(severity, text.substring(start, end))
            + text.substring(end));
    if (out.checkError()) {
      throw new OutputClosedException();
    }
  }

  private String row(String run, String step, String severity, String kind, String summary) {
    String shortRun = run.length() > runColumns ? run.substring(0, runColumns - 1) + "…" : run;
    return String.join(
            GAP,
            left(shortRun, runColumns),
            right(step, STEP_COLUMNS),
            left(severity, SEVERITY_COLUMNS),
            left(kind, KIND_COLUMNS),
            summary)
        .stripTrailing();
  }

  private String cut(String summary) {
    String text = Style.harmless(summary);
    return text.length() <= summaryColumns
        ? text
        : text.substring(0, Math.max(0, summaryColumns - 1)) + "…";
  }

  private static String left(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - text.length()));
  }

  private static String right(String text, int columns) {
    return " ".repeat(Math.max(0, columns - text.length())) + text;
  }
}
