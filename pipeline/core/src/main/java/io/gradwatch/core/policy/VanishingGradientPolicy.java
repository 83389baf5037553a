package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of VANISHING_GRADIENT.
 *
 * @param fall ln of the factor by which the gradient of the first layers is below that of the last
 *     ones; 9.2 (ten thousand times), which no network that learns with all its layers has
 * @param idleFall the same while the loss has not improved since the start; 4.6 (a hundred times),
 *     as embeddings below recurrent layers have that too, but learn
 * @param idleSteps steps since the start, or since the learning rate reported was last at a new
 *     high, after which a loss that has not improved counts as such; 100
 * @param improvement ln of the factor by which the loss must have fallen to have improved; 0.02
 * @param persistence observations in a row for which this holds; 50, as the first steps of a
 *     network set its depth profile
 */
public record VanishingGradientPolicy(
    DetectorSwitch detector,
    double fall,
    double idleFall,
    int idleSteps,
    double improvement,
    int persistence) {
  public VanishingGradientPolicy {
    Check.above("vanishing_gradient.fall", fall, 0);
    Check.above("vanishing_gradient.idle_fall", idleFall, 0);
    Check.within("vanishing_gradient.idle_steps", idleSteps, 1, 10_000_000);
    Check.above("vanishing_gradient.improvement", improvement, 0);
    Check.within("vanishing_gradient.persistence", persistence, 1, 10_000);
  }

  static VanishingGradientPolicy of(SettingsReader settings) {
    SettingsReader.Section detector =
        settings.detector(AlarmKind.VANISHING_GRADIENT, Severity.WARNING);
    return new VanishingGradientPolicy(
        detector.detectorSwitch(),
        detector.number("fall", 9.2),
        detector.number("idle_fall", 4.6),
        detector.count("idle_steps", 100),
        detector.number("improvement", 0.02),
        detector.count("persistence", 50));
  }
}
