package io.gradwatch.backtest;

import io.gradwatch.core.alarm.Alarm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps which alarms were raised in each run, and how far the run was read. */
public final class RaisedAlarms implements FindingsConsumer {
  private final Map<String, List<RaisedAlarm>> byRun = new LinkedHashMap<>();
  private final Map<String, Long> newestSteps = new LinkedHashMap<>();
  private final NewAlarms newAlarms = new NewAlarms();

  @Override
  public void alarm(Alarm alarm) {
    if (newAlarms.isNew(alarm.id(), alarm.state(), alarm.severity())) {
      raised(alarm.runId(), new RaisedAlarm(alarm.step(), alarm.kind(), alarm.severity()));
    }
  }

  /** Adds an alarm of a run that may be read elsewhere. */
  public void raised(String run, RaisedAlarm alarm) {
    newestSteps.merge(run, alarm.step(), Math::max);
    byRun.computeIfAbsent(run, any -> new ArrayList<>()).add(alarm);
  }

  @Override
  public void finished(RunReport report) {
    if (!report.runId().isEmpty()) {
      newestSteps.merge(report.runId(), report.newestStep(), Math::max);
    }
  }

  /** The runs that could be opened, in order. */
  public List<String> runs() {
    return List.copyOf(newestSteps.keySet());
  }

  /** Alarms of a run in the order in which they were raised. */
  public List<RaisedAlarm> of(String run) {
    return List.copyOf(byRun.getOrDefault(run, List.of()));
  }

  /** Newest step read of a run; -1 when none was. */
  public long newestStep(String run) {
    return newestSteps.getOrDefault(run, -1L);
  }
}
