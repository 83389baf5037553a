package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of DIVERGENCE.
 *
 * @param jumpSpreads spreads above its low at which the fast level of the loss has left it; 7
 * @param driftSpreads the same for the medium level, which noise moves less; 2, which holds for ten
 *     values in a row no more than once in a hundred thousand healthy ones of the recorded long
 *     runs
 * @param rise ln of the factor by which the loss must have risen as well; 0.1, so that a loss
 *     without noise does not page for a trifle
 * @param persistence values in a row for which this holds before it pages; 10, longer than a bad
 *     batch or three need to be forgotten
 */
public record DivergencePolicy(
    DetectorSwitch detector,
    double jumpSpreads,
    double driftSpreads,
    double rise,
    int persistence) {
  public DivergencePolicy {
    Check.above("divergence.jump_spreads", jumpSpreads, 0);
    Check.above("divergence.drift_spreads", driftSpreads, 0);
    Check.within("divergence.rise", rise, 0, 100);
    Check.within("divergence.persistence", persistence, 1, 10_000);
  }

  static DivergencePolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.DIVERGENCE, Severity.CRITICAL);
    return new DivergencePolicy(
        detector.detectorSwitch(),
        detector.pageThreshold("jump_spreads", 7),
        detector.pageThreshold("drift_spreads", 2),
        detector.number("rise", 0.1),
        detector.count("persistence", 10));
  }
}
