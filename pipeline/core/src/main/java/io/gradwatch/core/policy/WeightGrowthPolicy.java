package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of WEIGHT_GROWTH.
 *
 * @param order power of the age with which the norm of all weights may grow; 1, as steady steps in
 *     one direction do
 * @param layerOrder the same for one layer; 2, as a layer that starts at zero does while its
 *     learning rate warms up
 * @param rise ln of the factor above that power law at which the norm of all weights has grown too
 *     much; 0.3 (a third), fifteen times what healthy runs reach
 * @param layerRise the same for one layer; 0.5 (two thirds), because there are many
 * @param rewrite ratio of update to weight above which a layer is being rewritten; 0.05 (within
 *     twenty steps), fifty times what is usual and twice what the first steps of healthy runs reach
 * @param rewritePersistence values in a row for which most layers are; 4, one more than a blip of
 *     the learning rate lasts that heals by itself
 * @param fall ln of the factor by which a layer's norm must fall faster than such a law before it
 *     counts as gone to zero; 3 (twenty times)
 * @param persistence values in a row for which this holds; 2, so that one wrong number does not
 *     page
 */
public record WeightGrowthPolicy(
    DetectorSwitch detector,
    double order,
    double layerOrder,
    double rise,
    double layerRise,
    double rewrite,
    int rewritePersistence,
    double fall,
    int persistence) {
  public WeightGrowthPolicy {
    Check.within("weight_growth.order", order, 0, 10);
    Check.within("weight_growth.layer_order", layerOrder, 0, 10);
    Check.above("weight_growth.rise", rise, 0);
    Check.above("weight_growth.layer_rise", layerRise, 0);
    Check.above("weight_growth.rewrite", rewrite, 0);
    Check.within("weight_growth.rewrite_persistence", rewritePersistence, 1, 10_000);
    Check.above("weight_growth.fall", fall, 0);
    Check.within("weight_growth.persistence", persistence, 1, 10_000);
  }

  static WeightGrowthPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.WEIGHT_GROWTH, Severity.CRITICAL);
    return new WeightGrowthPolicy(
        detector.detectorSwitch(),
        detector.number("order", 1),
        detector.number("layer_order", 2),
        detector.pageThreshold("rise", 0.3),
        detector.pageThreshold("layer_rise", 0.5),
        detector.pageThreshold("rewrite", 0.05),
        detector.count("rewrite_persistence", 4),
        detector.number("fall", 3),
        detector.count("persistence", 2));
  }
}
