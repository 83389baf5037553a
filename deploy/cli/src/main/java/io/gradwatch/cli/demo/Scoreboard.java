package io.gradwatch.cli.demo;

import io.gradwatch.backtest.NewAlarms;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.traces.RunLabel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what is said about the runs of the demonstration. */
final class Scoreboard {
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final NewAlarms newAlarms = new NewAlarms();
  private int critical;
  private int warnings;

  /**
   * @param truth the runs with what became of them, in the order of the summary
   */
  Scoreboard(Map<String, RunLabel> truth) {
    truth.forEach((name, label) -> runs.put(name, new Run(label)));
  }

  /** True when the record is news: an opening, or a rise of the severity. */
  boolean alarm(DivergenceAlarm record) {
    Severity severity = Severity.valueOf(record.getSeverity().name());
    AlarmState state =
        switch (record.getState()) {
          case OPEN -> AlarmState.OPEN;
          case RESOLVED -> AlarmState.RESOLVED;
          case UPDATED, UNKNOWN -> AlarmState.UPDATED;
        };
    if (!newAlarms.isNew(record.getAlarmId(), state, severity)) {
      return false;
    }
    Run run = runs.get(record.getRunId());
    switch (severity) {
      case CRITICAL -> {
        critical++;
        if (run != null) {
          run.criticalSteps.add(record.getStep());
        }
      }
      case WARNING -> {
        warnings++;
        if (run != null) {
          run.warnings++;
        }
      }
      case INFO -> {}
    }
    return true;
  }

  void advice(ClipRecommendation record) {
    Run run = runs.get(record.getRunId());
    if (run != null) {
      run.adviceChanges++;
      run.clipThreshold = record.getClipThreshold();
    }
  }

  void statistics(RunStatistics record) {
    Run run = runs.get(record.getRunId());
    if (run != null) {
      run.newestStep = Math.max(run.newestStep, record.getStep());
      run.clippedShare =
          record.getStepsAdvised() == 0
              ? null
              : (Double) ((double) record.getStepsAdvisedClipped() / record.getStepsAdvised());
    }
  }

  /** True when the statistics of each run have come up to its last step. */
  boolean hasHeardOf(Map<String, Long> lastSteps) {
    return lastSteps.entrySet().stream()
        .allMatch(
            last -> {
              Run run = runs.get(last.getKey());
              return run == null || run.newestStep >= last.getValue();
            });
  }

  /** Alarms that became critical. */
  int critical() {
    return critical;
  }

  /** Alarms that opened as warnings or rose to one. */
  int warnings() {
    return warnings;
  }

  List<RunResult> results() {
    List<RunResult> results = new ArrayList<>();
    runs.forEach((name, run) -> results.add(run.result(name)));
    return results;
  }

  private static final class Run {
    private final RunLabel truth;
    private final List<Long> criticalSteps = new ArrayList<>();
    private int warnings;
    private int adviceChanges;
    private long newestStep = -1;
    private @Nullable Double clipThreshold;
    private @Nullable Double clippedShare;

    Run(RunLabel truth) {
      this.truth = truth;
    }

    RunResult result(String name) {
      return new RunResult(
          name,
          truth,
          List.copyOf(criticalSteps),
          warnings,
          adviceChanges,
          clipThreshold,
          clippedShare);
    }
  }
}
