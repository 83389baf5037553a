package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of EXPLODING_GRADIENT.
 *
 * @param rise ln of the factor by which the global norm must have grown; 1.8 (six times), above
 *     what healthy runs grow while their loss stands still
 * @param layerRise the same for the norm of one layer; 3 (twenty times), because single layers
 *     wander more and there are many
 * @param spreads the rise must also be this many spreads of the series, so that heavy-tailed norms
 *     do not page; 6
 * @param persistence values in a row for which all this holds; 3, as one outlier moves no level so
 *     far
 */
public record GrowthPolicy(
    DetectorSwitch detector, double rise, double layerRise, double spreads, int persistence) {
  public GrowthPolicy {
    Check.above("exploding_gradient.rise", rise, 0);
    Check.above("exploding_gradient.layer_rise", layerRise, 0);
    Check.above("exploding_gradient.spreads", spreads, 0);
    Check.within("exploding_gradient.persistence", persistence, 1, 10_000);
  }

  static GrowthPolicy of(SettingsReader settings) {
    SettingsReader.Section detector =
        settings.detector(AlarmKind.EXPLODING_GRADIENT, Severity.CRITICAL);
    return new GrowthPolicy(
        detector.detectorSwitch(),
        detector.pageThreshold("rise", 1.8),
        detector.pageThreshold("layer_rise", 3),
        detector.pageThreshold("spreads", 6),
        detector.count("persistence", 3));
  }
}
