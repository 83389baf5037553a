package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of STALLED.
 *
 * @param improvement ln of the factor by which the loss must fall to count as moving; 0.02
 * @param normFall ln of the factor by which the gradient norm must have fallen since the loss last
 *     moved; 4.6 (a hundred times), while the norms of a run that converged stay where they are
 * @param persistence observations in a row for which this holds; 100
 */
public record StalledPolicy(
    DetectorSwitch detector, double improvement, double normFall, int persistence) {
  public StalledPolicy {
    Check.above("stalled.improvement", improvement, 0);
    Check.above("stalled.norm_fall", normFall, 0);
    Check.within("stalled.persistence", persistence, 1, 100_000);
  }

  static StalledPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.STALLED, Severity.WARNING);
    return new StalledPolicy(
        detector.detectorSwitch(),
        detector.number("improvement", 0.02),
        detector.number("norm_fall", 4.6),
        detector.count("persistence", 100));
  }
}
