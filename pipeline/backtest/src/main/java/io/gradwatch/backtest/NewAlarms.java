package io.gradwatch.backtest;

import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells the records of an alarm that are news to a person, its opening and each rise of its
 * severity, from updates and the resolution. Remembers open alarms only.
 */
public final class NewAlarms {
  private final Map<String, Severity> open = new HashMap<>();

  /**
   * True at the opening of an alarm and at each rise of its severity; a repeated record is none.
   */
  public boolean isNew(String alarmId, AlarmState state, Severity severity) {
    if (state == AlarmState.RESOLVED) {
      open.remove(alarmId);
      return false;
    }
    Severity before = open.get(alarmId);
    if (before != null && !severity.above(before)) {
      return false;
    }
    open.put(alarmId, severity);
    return true;
  }
}
