package io.gradwatch.core.alarm;

/** Where an alarm stands with a revision. */
public enum AlarmState {
  OPEN,
  UPDATED,
  RESOLVED
}
