package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of RANK_OUTLIER.
 *
 * @param persistence compared steps in a row for which a rank must stand apart; 5, as one odd batch
 *     of one rank is no fault. NaN or infinity of one rank alone is told at once
 */
public record RankOutlierPolicy(DetectorSwitch detector, int persistence) {
  public RankOutlierPolicy {
    Check.within("rank_outlier.persistence", persistence, 1, 1_000);
  }

  static RankOutlierPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.RANK_OUTLIER, Severity.WARNING);
    return new RankOutlierPolicy(detector.detectorSwitch(), detector.count("persistence", 5));
  }
}
