package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of DIVERGENCE.
 *
 * @param overshoot ln of the factor above the highest loss before it from which on the loss is lost
 *     at any age; 0.6 (1.8 times), where the first steps of healthy runs reach 0.45
 * @param overshootPersistence values in a row for which this holds; 3, longer than a bad batch or
 *     two
 * @param jumpSpreads spreads above its low at which the loss has left it by a jump; 9
 * @param held share of the highest rise that it must still hold then; 0.4, as a loss that is on its
 *     way back has lost more within the persistence
 * @param jumpPersistence values in a row for which this holds; 15, within the twenty after which a
 *     page is late
 * @param driftSpreads spreads above its low at which the medium level of the loss has drifted away,
 *     while it is still rising; 2, as noise moves that level by an eighth of a spread
 * @param driftPersistence values in a row for which this holds; 10
 * @param rise ln of the factor by which the loss must have risen as well, for a jump or a drift;
 *     0.1, so that a loss without noise does not page for a trifle
 * @param creep ln of the factor by which the slow level must lie above its lowest to warn; 0.01, as
 *     that level has seen half of a rise of 2 % after 80 values
 * @param creepSpreads the same in spreads; 0.5, as noise moves that level by a fifteenth of one
 * @param creepPersistence values in a row for which this holds; 100, so that what is gone by then
 *     does not warn
 */
public record DivergencePolicy(
    DetectorSwitch detector,
    double overshoot,
    int overshootPersistence,
    double jumpSpreads,
    double held,
    int jumpPersistence,
    double driftSpreads,
    int driftPersistence,
    double rise,
    double creep,
    double creepSpreads,
    int creepPersistence) {
  public DivergencePolicy {
    Check.above("divergence.overshoot", overshoot, 0);
    Check.within("divergence.overshoot_persistence", overshootPersistence, 1, 10_000);
    Check.above("divergence.jump_spreads", jumpSpreads, 0);
    Check.within("divergence.held", held, 0, 1);
    Check.within("divergence.jump_persistence", jumpPersistence, 1, 10_000);
    Check.above("divergence.drift_spreads", driftSpreads, 0);
    Check.within("divergence.drift_persistence", driftPersistence, 1, 10_000);
    Check.within("divergence.rise", rise, 0, 100);
    Check.above("divergence.creep", creep, 0);
    Check.above("divergence.creep_spreads", creepSpreads, 0);
    Check.within("divergence.creep_persistence", creepPersistence, 1, 100_000);
  }

  static DivergencePolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.DIVERGENCE, Severity.CRITICAL);
    return new DivergencePolicy(
        detector.detectorSwitch(),
        detector.pageThreshold("overshoot", 0.6),
        detector.count("overshoot_persistence", 3),
        detector.pageThreshold("jump_spreads", 9),
        detector.number("held", 0.4),
        detector.count("jump_persistence", 15),
        detector.pageThreshold("drift_spreads", 2),
        detector.count("drift_persistence", 10),
        detector.number("rise", 0.1),
        detector.number("creep", 0.01),
        detector.number("creep_spreads", 0.5),
        detector.count("creep_persistence", 100));
  }
}
