package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of NON_FINITE.
 *
 * @param persistence values in a row that are not finite before it pages; 2, because NaN that lasts
 *     one step is lived through and a second one means that the weights are lost
 * @param skipsInRow updates skipped in a row by the loss scaler before it pages; 40, because a
 *     scaler that starts at 2^24 and halves at each skip finds its scale in fewer
 * @param scaleHalvings halvings of the loss scale without a rise in between, once updates were
 *     made, before it pages; 20, as gradients then have grown a million times
 * @param leastScale loss scale down to which it must have fallen to warn; 1, below which scaling
 *     takes precision away instead of adding some
 */
public record NonFinitePolicy(
    DetectorSwitch detector,
    int persistence,
    int skipsInRow,
    double scaleHalvings,
    double leastScale) {
  public NonFinitePolicy {
    Check.within("non_finite.persistence", persistence, 1, 1_000);
    Check.within("non_finite.skips_in_row", skipsInRow, 1, 100_000);
    Check.within("non_finite.scale_halvings", scaleHalvings, 1, 1_000);
    Check.within("non_finite.least_scale", leastScale, 0, 1e6);
  }

  static NonFinitePolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.NON_FINITE, Severity.CRITICAL);
    return new NonFinitePolicy(
        detector.detectorSwitch(),
        detector.count("persistence", 2),
        detector.count("skips_in_row", 40),
        detector.number("scale_halvings", 20),
        detector.number("least_scale", 1));
  }
}
