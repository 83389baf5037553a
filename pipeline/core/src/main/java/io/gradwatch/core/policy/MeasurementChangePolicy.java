package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/** Settings of MEASUREMENT_CHANGE: it has nothing but a switch, as it only says what was done. */
public record MeasurementChangePolicy(DetectorSwitch detector) {
  static MeasurementChangePolicy of(SettingsReader settings) {
    return new MeasurementChangePolicy(
        settings.detector(AlarmKind.MEASUREMENT_CHANGE, Severity.INFO).detectorSwitch());
  }
}
