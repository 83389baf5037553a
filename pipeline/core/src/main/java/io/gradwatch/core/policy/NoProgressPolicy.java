package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of NO_PROGRESS.
 *
 * @param withinSteps steps since the start, or since the learning rate reported was last at a new
 *     high, within which a training must have improved; 250, three times what the slowest healthy
 *     recorded runs need
 * @param improvement ln of the factor by which the loss must have fallen; 0.02, which the bias of a
 *     last layer alone does not bring
 */
public record NoProgressPolicy(DetectorSwitch detector, int withinSteps, double improvement) {
  public NoProgressPolicy {
    Check.within("no_progress.within_steps", withinSteps, 1, 10_000_000);
    Check.above("no_progress.improvement", improvement, 0);
  }

  static NoProgressPolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.NO_PROGRESS, Severity.WARNING);
    return new NoProgressPolicy(
        detector.detectorSwitch(),
        detector.count("within_steps", 250),
        detector.number("improvement", 0.02));
  }
}
