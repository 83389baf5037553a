package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.Severity;

/**
 * What every detector has.
 *
 * @param enabled false: the detector raises nothing
 * @param highest severity of its gravest alarms
 * @param own severity of its gravest alarms where nobody set any: what it tells apart ends there
 */
public record DetectorSwitch(boolean enabled, Severity highest, Severity own) {
  /** On, up to a page. */
  public static final DetectorSwitch CRITICAL =
      new DetectorSwitch(true, Severity.CRITICAL, Severity.CRITICAL);

  /** On, never a page. */
  public static final DetectorSwitch WARNING =
      new DetectorSwitch(true, Severity.WARNING, Severity.CRITICAL);

  /** The severity that an alarm has: the gravest have the highest, no other is above it. */
  public Severity of(Severity severity) {
    return severity == own || severity.above(highest) ? highest : severity;
  }
}
