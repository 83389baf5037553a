package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of EXPLODING_GRADIENT.
 *
 * @param rise ln of the factor by which the global norm must have grown; 2 (seven times), two
 *     doublings short of five
 * @param risingLoss the same while the loss rises as well; 1 (2.7 times), as two signs together
 *     need less of each
 * @param layerRise the same for the norm of one layer; 3.5 (thirty times), because single layers
 *     wander more and there are many
 * @param spreads the rise must also be this many spreads of the series, so that heavy-tailed norms
 *     do not page; 4
 * @param persistence values in a row for which all this holds; 3, as one outlier moves no level so
 *     far
 * @param fallingLoss spreads between the slow and the medium level of the loss from which on the
 *     run is making headway, and growing norms are part of it, as where it leaves the plateau it
 *     began on; 0.25, three times what noise puts between the two
 * @param overshoot ln of the factor above the highest norm before it from which on norms explode in
 *     the first steps; 1.2 (3.3 times), where healthy runs reach 0.8
 * @param overshootPersistence values in a row for which this holds; 4, longer than three bad
 *     batches
 */
public record GrowthPolicy(
    DetectorSwitch detector,
    double rise,
    double risingLoss,
    double layerRise,
    double spreads,
    int persistence,
    double fallingLoss,
    double overshoot,
    int overshootPersistence) {
  public GrowthPolicy {
    Check.above("exploding_gradient.rise", rise, 0);
    Check.above("exploding_gradient.rising_loss", risingLoss, 0);
    Check.above("exploding_gradient.layer_rise", layerRise, 0);
    Check.above("exploding_gradient.spreads", spreads, 0);
    Check.within("exploding_gradient.persistence", persistence, 1, 10_000);
    Check.above("exploding_gradient.falling_loss", fallingLoss, 0);
    Check.above("exploding_gradient.overshoot", overshoot, 0);
    Check.within("exploding_gradient.overshoot_persistence", overshootPersistence, 1, 10_000);
  }

  static GrowthPolicy of(SettingsReader settings) {
    SettingsReader.Section detector =
        settings.detector(AlarmKind.EXPLODING_GRADIENT, Severity.CRITICAL);
    return new GrowthPolicy(
        detector.detectorSwitch(),
        detector.pageThreshold("rise", 2),
        detector.pageThreshold("rising_loss", 1),
        detector.pageThreshold("layer_rise", 3.5),
        detector.pageThreshold("spreads", 4),
        detector.count("persistence", 3),
        detector.number("falling_loss", 0.25),
        detector.pageThreshold("overshoot", 1.2),
        detector.count("overshoot_persistence", 4));
  }
}
