package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of INSTABILITY.
 *
 * @param roughness factor by which both loss and gradient norm must be rougher than usual, or one
 *     of them by its square; 2, healthy runs reach 1.6 in both and 2.1 in one
 * @param swing correlation of neighbouring values down to which a series swings; -0.7, where noise
 *     reaches -0.45
 * @param persistence values in a row for which this holds; 20, as a few bad batches make a series
 *     rough for fewer
 */
public record InstabilityPolicy(
    DetectorSwitch detector, double roughness, double swing, int persistence) {
  public InstabilityPolicy {
    Check.above("instability.roughness", roughness, 1);
    Check.within("instability.swing", swing, -1, 0);
    Check.within("instability.persistence", persistence, 1, 10_000);
  }

  static InstabilityPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.INSTABILITY, Severity.WARNING);
    return new InstabilityPolicy(
        detector.detectorSwitch(),
        detector.number("roughness", 2),
        detector.number("swing", -0.7),
        detector.count("persistence", 20));
  }
}
