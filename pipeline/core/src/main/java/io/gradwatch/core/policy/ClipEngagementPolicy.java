package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of CLIP_ENGAGEMENT.
 *
 * @param always share of the steps from which on clipping is always on; 0.99
 * @param never share of the steps up to which it is never on; 0.001
 * @param window values over which the share is a mean (its half-life), and which must have been
 *     seen; 1,000, so that one step in a thousand can be told from none
 */
public record ClipEngagementPolicy(
    DetectorSwitch detector, double always, double never, int window) {
  public ClipEngagementPolicy {
    Check.within("clip_engagement.always", always, 0.5, 1);
    Check.within("clip_engagement.never", never, 0, 0.5);
    Check.within("clip_engagement.window", window, 1, 10_000_000);
  }

  static ClipEngagementPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.CLIP_ENGAGEMENT, Severity.INFO);
    return new ClipEngagementPolicy(
        detector.detectorSwitch(),
        detector.number("always", 0.99),
        detector.number("never", 0.001),
        detector.count("window", 1_000));
  }
}
