package io.gradwatch.core.alarm;

/** Why an alarm was resolved; NONE while it is not. */
public enum Resolution {
  NONE,
  RECOVERED,
  REWOUND,
  RUN_ENDED
}
