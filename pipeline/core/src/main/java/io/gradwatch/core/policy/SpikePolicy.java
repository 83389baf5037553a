package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import java.util.Locale;

/**
 * Settings of LOSS_SPIKE or GRADIENT_SPIKE.
 *
 * @param kind which of the two
 * @param spreads spreads above the medium level at which a value is a spike; 7 for a loss, 11 for
 *     norms, which are rougher
 * @param rise ln of the factor above that level which it must reach as well; 0.3 (a third more than
 *     usual) for a loss, 0.9 (2.5 times the usual) for norms
 * @param learned share that a spike of the loss must cost of what the run has learned so far, which
 *     is the highest its level has been less the lowest; 0.1, as the loss of a run that has learned
 *     nearly all there is jumps by large factors of nearly nothing; 0 for norms
 * @param overshoot ln of the factor above the highest value before it from which on a value is a
 *     spike while the level is not known; 0.6 for a loss, 1.2 for norms, above what healthy runs
 *     reach in their first steps
 */
public record SpikePolicy(
    AlarmKind kind,
    DetectorSwitch detector,
    double spreads,
    double rise,
    double learned,
    double overshoot) {
  public SpikePolicy {
    String name = kind.name().toLowerCase(Locale.ROOT);
    Check.above(name + ".spreads", spreads, 0);
    Check.within(name + ".rise", rise, 0, 100);
    Check.within(name + ".learned", learned, 0, 1);
    Check.above(name + ".overshoot", overshoot, 0);
  }

  static SpikePolicy ofLoss(SettingsReader settings) {
    return of(settings, AlarmKind.LOSS_SPIKE, 7, 0.3, 0.1, 0.6);
  }

  static SpikePolicy ofGradient(SettingsReader settings) {
    return of(settings, AlarmKind.GRADIENT_SPIKE, 11, 0.9, 0, 1.2);
  }

  private static SpikePolicy of(
      SettingsReader settings,
      AlarmKind kind,
      double spreads,
      double rise,
      double learned,
      double overshoot) {
    SettingsReader.Section detector = settings.detector(kind, Severity.WARNING);
    return new SpikePolicy(
        kind,
        detector.detectorSwitch(),
        detector.number("spreads", spreads),
        detector.number("rise", rise),
        detector.number("learned", learned),
        detector.number("overshoot", overshoot));
  }
}
