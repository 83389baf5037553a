package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of DEAD_LAYER.
 *
 * @param zeroFraction share of a layer's gradient components that are exactly 0 from which on it
 *     counts as dead, where shares are reported; 0.999, as ReLU layers live well with half of it
 * @param fall ln of the factor by which a layer's gradient norm must have fallen below its own
 *     usual to count as none; 9.2 (ten thousand times), far beyond what a new learning rate does
 * @param persistence observations in a row for which a layer is dead before it is told; 20, so that
 *     an expert or a table row that a few batches do not touch is left alone
 */
public record DeadLayerPolicy(
    DetectorSwitch detector, double zeroFraction, double fall, int persistence) {
  public DeadLayerPolicy {
    Check.within("dead_layer.zero_fraction", zeroFraction, 0.5, 1);
    Check.above("dead_layer.fall", fall, 0);
    Check.within("dead_layer.persistence", persistence, 1, 10_000);
  }

  static DeadLayerPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.DEAD_LAYER, Severity.WARNING);
    return new DeadLayerPolicy(
        detector.detectorSwitch(),
        detector.number("zero_fraction", 0.999),
        detector.number("fall", 9.2),
        detector.count("persistence", 20));
  }
}
