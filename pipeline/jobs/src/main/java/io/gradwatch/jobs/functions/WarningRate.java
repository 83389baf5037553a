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
  private final Map<String, Integer> byProject = new HashMap<>();
  private long windowEnd = Long.MIN_VALUE;

  /**
   * A rate.
   *
   * @param maxPerWindow records of warnings of one project that pass within a minute
   */
  WarningRate(int maxPerWindow) {
    this.maxPerWindow = maxPerWindow;
  }

  /**
   * Whether an alarm passes, which is counted then.
   *
   * @param now the job's clock, in milliseconds since 1970
   */
  boolean admits(Alarm alarm, long now) {
    if (alarm.severity() == Severity.CRITICAL || alarm.state() == AlarmState.RESOLVED) {
      return true;
    }
    if (now >= windowEnd || now < windowEnd - WINDOW_MILLIS) {
      windowEnd = now + WINDOW_MILLIS;
      byProject.clear();
    }
    return byProject.merge(alarm.project(), 1, Integer::sum) <= maxPerWindow;
  }
}
