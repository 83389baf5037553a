package io.gradwatch.cli.demo;

import io.gradwatch.agent.Counted;
import io.gradwatch.cli.demo.RunResult.Verdict;
import io.gradwatch.cli.terminal.FindingsTable;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.traces.RunLabel.Outcome;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the demonstration shows: findings as they come, a line of progress, a summary. */
final class DemoScreen {
  private static final int BAR_COLUMNS = 24;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean showsProgress;
  private final Style style;
  private final FindingsTable table;
  private final int runColumns;

  /**
   * @param runColumns width of the longest run id
   */
  DemoScreen(PrintWriter out, PrintWriter err, Terminal terminal, int runColumns) {
    this.out = out;
    this.err = err;
    this.showsProgress = terminal.err();
    this.style = terminal.outStyle();
    this.table = new FindingsTable(out, terminal, runColumns);
    this.runColumns = runColumns;
  }

  /** A line about the demonstration itself. */
  void say(String text) {
    clearProgress();
    out.println(text);
    out.flush();
  }

  void alarm(DivergenceAlarm alarm) {
    clearProgress();
    table.alarm(
        alarm.getRunId(),
        alarm.getStep(),
        Severity.valueOf(alarm.getSeverity().name()),
        alarm.getKind().name(),
        alarm.getSummary());
  }

  void advice(ClipRecommendation advice) {
    clearProgress();
    table.advice(
        advice.getRunId(), advice.getMadeAtStep(), advice.getReason().name(), advice.getSummary());
  }

  /** Redraws the line of progress, on a terminal. */
  void progress(double share, long steps, Scoreboard scoreboard) {
    if (showsProgress) {
      int full = (int) Math.round(share * BAR_COLUMNS);
      err.printf(
          Locale.ROOT,
          "%s[%s%s] %3.0f %%  %s  %d critical  %s",
          CLEAR_LINE,
          "#".repeat(full),
          ".".repeat(BAR_COLUMNS - full),
          100 * share,
          Counted.of(steps, "step"),
          scoreboard.critical(),
          Counted.of(scoreboard.warnings(), "warning"));
      err.flush();
    }
  }

  /** Takes the line of progress away. */
  void clearProgress() {
    if (showsProgress) {
      err.print(CLEAR_LINE);
      err.flush();
    }
  }

  void summary(List<RunResult> results) {
    clearProgress();
    String format =
        "%-" + runColumns + "s  %-8s  %5s  %6s  %6s  %11s  %4s  %8s  %4s  %9s  %7s  %s%n";
    out.println();
    out.print(
        style.dim(
            format.formatted(
                "RUN",
                "TRUTH",
                "ONSET",
                "LOST",
                "DUE BY",
                "CRITICAL AT",
                "LEAD",
                "WARNINGS",
                "TOLD",
                "CLIP AT",
                "CLIPS",
                "VERDICT")));
    for (RunResult result : results) {
      Verdict verdict = result.verdict();
      Long failure = result.truth().failureStep();
      Long critical = result.firstCritical();
      Double threshold = result.clipThreshold();
      Double clipped = result.clippedShare();
      out.printf(
          format,
          result.run(),
          result.truth().outcome().name().toLowerCase(Locale.ROOT),
          step(result.truth().onsetStep()),
          step(failure),
          step(result.deadline()),
          step(critical),
          failure == null || critical == null ? "-" : Long.toString(failure - critical),
          result.warnings(),
          result.adviceChanges(),
          threshold == null ? "-" : number(threshold),
          clipped == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * clipped),
          painted(verdict));
    }
    out.println();
    out.printf(
        "%s; %s%n",
        count(results, Outcome.DIVERGED, Verdict.IN_TIME),
        count(results, Outcome.HEALTHY, Verdict.QUIET));
    out.flush();
  }

  private String painted(Verdict verdict) {
    return !verdict.good()
        ? style.bad(verdict.words())
        : verdict == Verdict.UNNOTICED ? style.dim(verdict.words()) : style.good(verdict.words());
  }

  /** Such as "diverged: 8 of 8 in time". */
  private static String count(List<RunResult> results, Outcome outcome, Verdict verdict) {
    List<RunResult> all =
        results.stream().filter(result -> result.truth().outcome() == outcome).toList();
    long good = all.stream().filter(result -> result.verdict() == verdict).count();
    return "%s: %d of %d %s"
        .formatted(outcome.name().toLowerCase(Locale.ROOT), good, all.size(), verdict.words());
  }

  private static String step(@Nullable Long step) {
    return step == null ? "-" : step.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
