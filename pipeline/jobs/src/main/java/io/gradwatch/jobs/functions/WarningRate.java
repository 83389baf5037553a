package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps one project's flood of warnings from everybody who reads alarms. Pages pass always, as a
 * run has one at a time, and so do resolutions, as nothing else would end what was opened before.
 */
final class WarningRate {
  private static final long WINDOW_MILLIS = 60_000;

  private final int maxPerWindow;
  private final Map<String, Window> byProject = new HashMap<>();

  /**
   * A rate.
   *
   * @param maxPerWindow records of warnings of one project that pass within a minute of its events'
   *     time
   */
  WarningRate(int maxPerWindow) {
    this.maxPerWindow = maxPerWindow;
  }

  /** What one project was given since a time. */
  private static final class Window {
    private long begin = Long.MIN_VALUE;
    private int given;
  }

  /**
   * Whether an alarm passes, which is counted then: by the time of the event that caused it, so
   * that a job that reads hours in a minute drops no more than one that was there.
   */
  boolean admits(Alarm alarm) {
    if (alarm.severity() == Severity.CRITICAL || alarm.state() == AlarmState.RESOLVED) {
      return true;
    }
    Window window = byProject.computeIfAbsent(alarm.project(), project -> new Window());
    if (alarm.emittedAt() - WINDOW_MILLIS >= window.begin) {
      window.begin = alarm.emittedAt();
      window.given = 0;
    }
    window.given++;
    return window.given <= maxPerWindow;
  }
}
