package io.gradwatch.console.api;

/** Where an alarm stands with people. */
public enum AlarmStatus {
  /** Open, and nobody has said anything. */
  OPEN,
  /** Open, and somebody looks after it. */
  ACKNOWLEDGED,
  /** Open, and a silence matches it. */
  SILENCED,
  /** Over. */
  RESOLVED
}
