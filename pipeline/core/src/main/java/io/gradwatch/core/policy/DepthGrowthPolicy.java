package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of DEPTH_GROWTH.
 *
 * @param factor factor by which the gradient norm grows from each layer to the one before it; 2,
 *     healthy runs reach 1.6
 * @param layers fewest layers over which this means something; 6, as three or four layers of
 *     different shape lie on a line by chance
 * @param straightness share of the variance of ln(norm) that a straight line over depth explains;
 *     0.8
 * @param persistence values in a row for which this holds; 2, as bad initialisation shows at once
 */
public record DepthGrowthPolicy(
    DetectorSwitch detector, double factor, int layers, double straightness, int persistence) {
  public DepthGrowthPolicy {
    Check.above("depth_growth.factor", factor, 1);
    Check.within("depth_growth.layers", layers, 3, 16_384);
    Check.within("depth_growth.straightness", straightness, 0, 1);
    Check.within("depth_growth.persistence", persistence, 1, 10_000);
  }

  static DepthGrowthPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.DEPTH_GROWTH, Severity.WARNING);
    return new DepthGrowthPolicy(
        detector.detectorSwitch(),
        detector.number("factor", 2),
        detector.count("layers", 6),
        detector.number("straightness", 0.8),
        detector.count("persistence", 2));
  }
}
