package io.gradwatch.cli.terminal;

import io.gradwatch.core.alarm.Severity;
import java.io.PrintWriter;
import java.util.function.UnaryOperator;

/**
 * Findings as rows for a person: which run, at which step, how bad, what, and the sentence about
 * it.
 */
public final class FindingsTable {
  private static final int STEP_COLUMNS = 9;
  private static final int LEVEL_COLUMNS = 8;
  private static final int KIND_COLUMNS = 18;
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
  public FindingsTable(PrintWriter out, Terminal terminal, int runColumns) {
    this.out = out;
    this.style = terminal.outStyle();
    this.runColumns = Math.min(MAX_RUN_COLUMNS, Math.max("RUN".length(), runColumns));
    int before = this.runColumns + STEP_COLUMNS + LEVEL_COLUMNS + KIND_COLUMNS + 4 * GAP.length();
    this.summaryColumns =
        terminal.out() ? Math.max(0, terminal.columns() - before) : Integer.MAX_VALUE;
  }

  /** One alarm, shown at once. */
  public void alarm(String run, long step, Severity severity, String kind, String summary) {
    show(run, step, severity.name(), text -> style.severity(severity, text), kind, summary);
  }

  /** One piece of advice, shown at once. */
  public void advice(String run, long step, String reason, String text) {
    show(run, step, "advice", style::accent, reason, text);
  }

  private void show(
      String run,
      long step,
      String level,
      UnaryOperator<String> paint,
      String kind,
      String summary) {
    if (!headed) {
      headed = true;
      out.println(style.dim(row("RUN", "STEP", "LEVEL", "KIND", "WHAT")));
    }
    String text = row(Style.harmless(run), Long.toString(step), level, kind, cut(summary));
    int start = runColumns + STEP_COLUMNS + 2 * GAP.length();
    int end = start + level.length();
    out.println(
        text.substring(0, start) + paint.apply(text.substring(start, end)) + text.substring(end));
    if (out.checkError()) {
      throw new OutputClosedException();
    }
  }

  private String row(String run, String step, String level, String kind, String summary) {
    String shortRun = run.length() > runColumns ? run.substring(0, runColumns - 1) + "…" : run;
    return String.join(
            GAP,
            left(shortRun, runColumns),
            right(step, STEP_COLUMNS),
            left(level, LEVEL_COLUMNS),
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
