package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of PERSISTENT_LARGE_GRADIENT.
 *
 * @param bound gradient norm above which every layer lies; 1.0, which is what most trainings clip
 *     the global norm at
 * @param persistence values in a row for which all do; 500, as the first steps of many healthy runs
 *     have such norms
 */
public record LargeGradientPolicy(DetectorSwitch detector, double bound, int persistence) {
  public LargeGradientPolicy {
    Check.above("persistent_large_gradient.bound", bound, 0);
    Check.within("persistent_large_gradient.persistence", persistence, 1, 10_000_000);
  }

  static LargeGradientPolicy of(SettingsReader settings) {
    SettingsReader.Section detector =
        settings.detector(AlarmKind.PERSISTENT_LARGE_GRADIENT, Severity.INFO);
    return new LargeGradientPolicy(
        detector.detectorSwitch(), detector.number("bound", 1), detector.count("persistence", 500));
  }
}
