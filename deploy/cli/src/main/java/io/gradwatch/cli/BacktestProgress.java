package io.gradwatch.cli;

import io.gradwatch.agent.Counted;
import io.gradwatch.backtest.FindingsConsumer;
import io.gradwatch.backtest.NewAlarms;
import io.gradwatch.backtest.Refusal;
import io.gradwatch.backtest.RunReport;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Severity;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a backtest says on standard error: how far it is (on a terminal), what it had to leave out,
 * and a line at the end.
 */
final class BacktestProgress implements FindingsConsumer {
  /** Refusals told one by one for each file; the rest is counted. */
  private static final int REFUSALS_TOLD = 5;

  private final PrintWriter err;
  private final boolean onTerminal;
  private final int files;
  private final NewAlarms newAlarms = new NewAlarms();
  private final Map<Severity, Integer> alarms = new EnumMap<>(Severity.class);
  private int filesRead;
  private int failures;
  private long events;
  private long refused;
  private int refusedInFile;

  BacktestProgress(PrintWriter err, Terminal terminal, int files) {
    this.err = err;
    this.onTerminal = terminal.err();
    this.files = files;
  }

  @Override
  public void alarm(Alarm alarm) {
    if (newAlarms.isNew(alarm.id(), alarm.state(), alarm.severity())) {
      alarms.merge(alarm.severity(), 1, Integer::sum);
    }
  }

  @Override
  public void refused(Refusal refusal) {
    refusedInFile++;
    if (refusedInFile <= REFUSALS_TOLD) {
      say("left out: " + refusal);
    }
  }

  @Override
  public void finished(RunReport report) {
    if (refusedInFile > REFUSALS_TOLD) {
      int more = refusedInFile - REFUSALS_TOLD;
      say(report.source() + ": " + more + (more == 1 ? " more was" : " more were") + " left out");
    }
    if (report.failure() != null) {
      failures++;
      say("cannot read " + report.source() + ": " + report.failure());
    }
    refusedInFile = 0;
    filesRead++;
    events += report.events();
    refused += report.refused();
    if (onTerminal) {
      err.print("\r" + filesRead + "/" + files + " runs");
      err.flush();
    }
  }

  /** The line at the end. */
  void summarise() {
    say(
        String.format(
            Locale.ROOT,
            "%s of %s: %d critical, %d warning, %d info%s",
            Counted.of(events, "event"),
            Counted.of(filesRead - failures, "run"),
            count(Severity.CRITICAL),
            count(Severity.WARNING),
            count(Severity.INFO),
            refused == 0
                ? ""
                : "; "
                    + Counted.of(refused, "event")
                    + (refused == 1 ? " was" : " were")
                    + " left out"));
  }

  /** Files that could not be read to their ends. */
  int failures() {
    return failures;
  }

  private int count(Severity severity) {
    return alarms.getOrDefault(severity, 0);
  }

  private void say(String text) {
    err.println((onTerminal ? "\r\u001b[K" : "") + Style.harmless(text));
    err.flush();
  }
}
