package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of RUN_ID_CONFLICT.
 *
 * @param repeats times that steps must have come again with other values between new ones; 5, as a
 *     writer that goes back without a new attempt does it once
 */
public record RunIdConflictPolicy(DetectorSwitch detector, int repeats) {
  public RunIdConflictPolicy {
    Check.within("run_id_conflict.repeats", repeats, 1, 10);
  }

  static RunIdConflictPolicy of(SettingsReader settings) {
    SettingsReader.Section detector =
        settings.detector(AlarmKind.RUN_ID_CONFLICT, Severity.WARNING);
    return new RunIdConflictPolicy(detector.detectorSwitch(), detector.count("repeats", 5));
  }
}
