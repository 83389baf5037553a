package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/** Settings of MISSING_RANK: it has nothing but a switch. */
public record MissingRankPolicy(DetectorSwitch detector) {
  static MissingRankPolicy of(SettingsReader settings) {
    return new MissingRankPolicy(
        settings.detector(AlarmKind.MISSING_RANK, Severity.WARNING).detectorSwitch());
  }
}
