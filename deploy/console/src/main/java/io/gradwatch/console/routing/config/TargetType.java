package io.gradwatch.console.routing.config;

import java.time.Duration;
import java.util.Locale;

/** Kinds of targets, each with what it takes if nothing else is said. */
public enum TargetType {
  /** Prometheus Alertmanager, which groups, repeats and silences by itself. */
  ALERTMANAGER(600, Duration.ZERO),
  /** A channel of Slack. One message a second is what Slack takes. */
  SLACK(60, Duration.ofSeconds(10)),
  /** A service of PagerDuty. */
  PAGERDUTY(120, Duration.ofSeconds(10)),
  /** Any program that takes CloudEvents over HTTP. */
  WEBHOOK(600, Duration.ofSeconds(10));

  private final int ratePerMinute;
  private final Duration groupWait;

  TargetType(int ratePerMinute, Duration groupWait) {
    this.ratePerMinute = ratePerMinute;
    this.groupWait = groupWait;
  }

  /** Requests a minute. */
  public int ratePerMinute() {
    return ratePerMinute;
  }

  /** For how long the alarms of a storm are gathered. */
  public Duration groupWait() {
    return groupWait;
  }

  /** Whether it is told again and again while an alarm is open, and forgets what it is not told. */
  public boolean isRetold() {
    return this == ALERTMANAGER;
  }

  /** Whether it is told that somebody looks after an alarm. */
  public boolean takesAcknowledgements() {
    return this == PAGERDUTY;
  }

  /** The name in a file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
