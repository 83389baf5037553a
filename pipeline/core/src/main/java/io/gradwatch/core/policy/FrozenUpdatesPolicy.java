package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of FROZEN_UPDATES. Healthy layers change by 1e-4 to 1e-2 of their weights in a step, and
 * by 1e-6 when they have converged.
 *
 * @param least update-to-weight ratio below which a layer stands still; 1e-9, a sixtieth of the
 *     resolution of single precision
 * @param most ratio above which a step rewrites the layer; 0.5, five times what the roughest
 *     healthy layers keep up
 * @param persistence observations in a row, skipped updates not counted, for which this holds; 20,
 *     so that neither the last steps of a schedule nor weights that start at 0 are told
 */
public record FrozenUpdatesPolicy(
    DetectorSwitch detector, double least, double most, int persistence) {
  /**
   * Where the bounds of both meet, so that no policy, however merged, has the least above the most.
   */
  private static final double LARGEST_LEAST = 0.01;

  public FrozenUpdatesPolicy {
    Check.within("frozen_updates.least", least, 0, LARGEST_LEAST);
    Check.within("frozen_updates.most", most, LARGEST_LEAST, 1e6);
    Check.within("frozen_updates.persistence", persistence, 1, 10_000);
  }

  static FrozenUpdatesPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.FROZEN_UPDATES, Severity.WARNING);
    return new FrozenUpdatesPolicy(
        detector.detectorSwitch(),
        detector.number("least", 1e-9),
        detector.number("most", 0.5),
        detector.count("persistence", 20));
  }
}
