package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.Severity;

/**
 * What every detector has.
 *
 * @param enabled false: the detector raises nothing
 * @param highest severity its alarms may reach
 */
public record DetectorSwitch(boolean enabled, Severity highest) {
  /** On, up to a page. */
  public static final DetectorSwitch CRITICAL = new DetectorSwitch(true, Severity.CRITICAL);

  /** On, never a page. */
  public static final DetectorSwitch WARNING = new DetectorSwitch(true, Severity.WARNING);

  /** The severity, held to what is allowed. */
  public Severity hold(Severity severity) {
    return severity.above(highest) ? highest : severity;
  }
}
