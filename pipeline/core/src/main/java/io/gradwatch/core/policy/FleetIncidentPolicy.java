package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of FLEET_INCIDENT. Switched off for a project or a run, its runs take no part; all else
 * is one thing for all runs that are compared, so only the fleet may set it.
 *
 * @param runs runs that must page to make an incident; 3. Of a host, data shard or cluster all runs
 *     are enough, from 2 on
 * @param share share of the active runs of the group that must page as well; 0.3, as three of
 *     thousands page within any ten minutes
 * @param windowSeconds seconds, by the trainers' clocks, within which they must; 600. So long (by
 *     the pipeline's clock) an incident stays open when all of its runs are well again
 */
public record FleetIncidentPolicy(
    DetectorSwitch detector, int runs, double share, int windowSeconds) {
  public FleetIncidentPolicy {
    Check.within("fleet_incident.runs", runs, 2, 10_000);
    Check.within("fleet_incident.share", share, 0, 1);
    Check.within("fleet_incident.window_seconds", windowSeconds, 10, 86_400);
  }

  static FleetIncidentPolicy of(SettingsReader settings) {
    SettingsReader.Section detector =
        settings.detector(AlarmKind.FLEET_INCIDENT, Severity.CRITICAL);
    return new FleetIncidentPolicy(
        detector.detectorSwitch(),
        detector.count("runs", 3),
        detector.number("share", 0.3),
        detector.count("window_seconds", 600));
  }

  /** The window in milliseconds. */
  public long windowMillis() {
    return 1_000L * windowSeconds;
  }
}
