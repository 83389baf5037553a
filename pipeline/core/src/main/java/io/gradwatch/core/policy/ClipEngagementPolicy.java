package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of CLIP_ENGAGEMENT.
 *
 * @param always share of the steps from which on clipping is always on; 0.99
 * @param never share of the steps up to which it is never on; 0.001
 * @param halfLifeValues half-life of the weighted mean that the share is, in values; 1,000, so that
 *     one step in a thousand can be told from none
 * @param leastValues values that must have been seen; 1,000, a half-life
 */
public record ClipEngagementPolicy(
    DetectorSwitch detector, double always, double never, int halfLifeValues, int leastValues) {
  public ClipEngagementPolicy {
    Check.within("clip_engagement.always", always, 0.5, 1);
    Check.within("clip_engagement.never", never, 0, 0.5);
    Check.within("clip_engagement.half_life_values", halfLifeValues, 1, 10_000_000);
    Check.within("clip_engagement.least_values", leastValues, 1, 10_000_000);
  }

  static ClipEngagementPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.CLIP_ENGAGEMENT, Severity.INFO);
    return new ClipEngagementPolicy(
        detector.detectorSwitch(),
        detector.number("always", 0.99),
        detector.number("never", 0.001),
        detector.count("half_life_values", 1_000),
        detector.count("least_values", 1_000));
  }
}
