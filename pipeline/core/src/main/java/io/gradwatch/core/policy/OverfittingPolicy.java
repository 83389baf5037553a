package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of OVERFITTING.
 *
 * @param rise ln of the factor by which evaluation losses are above their lowest; 0.12 (an eighth),
 *     beyond the rise of a tenth that training is commonly allowed to end with
 * @param spreads the rise must also be this many spreads of the evaluation loss; 4
 * @param persistence evaluations in a row for which this holds; 5
 */
public record OverfittingPolicy(
    DetectorSwitch detector, double rise, double spreads, int persistence) {
  public OverfittingPolicy {
    Check.above("overfitting.rise", rise, 0);
    Check.within("overfitting.spreads", spreads, 0, 1_000);
    Check.within("overfitting.persistence", persistence, 1, 10_000);
  }

  static OverfittingPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.OVERFITTING, Severity.WARNING);
    return new OverfittingPolicy(
        detector.detectorSwitch(),
        detector.number("rise", 0.12),
        detector.number("spreads", 4),
        detector.count("persistence", 5));
  }
}
