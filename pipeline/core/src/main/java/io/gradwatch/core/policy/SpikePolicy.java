package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import java.util.Locale;

/**
 * Settings of LOSS_SPIKE or GRADIENT_SPIKE.
 *
 * @param kind which of the two
 * @param spreads spreads above the medium level at which a value is a spike; 8 for a loss, 10 for
 *     norms, which are rougher
 * @param rise ln of the factor above that level which it must reach as well; 0.3 (a third more than
 *     usual) for a loss, 1.1 (three times the usual) for norms
 */
public record SpikePolicy(AlarmKind kind, DetectorSwitch detector, double spreads, double rise) {
  public SpikePolicy {
    String name = kind.name().toLowerCase(Locale.ROOT);
    Check.above(name + ".spreads", spreads, 0);
    Check.within(name + ".rise", rise, 0, 100);
  }

  static SpikePolicy ofLoss(SettingsReader settings) {
    return of(settings, AlarmKind.LOSS_SPIKE, 8, 0.3);
  }

  static SpikePolicy ofGradient(SettingsReader settings) {
    return of(settings, AlarmKind.GRADIENT_SPIKE, 10, 1.1);
  }

  private static SpikePolicy of(
      SettingsReader settings, AlarmKind kind, double spreads, double rise) {
    SettingsReader.Section detector = settings.detector(kind, Severity.WARNING);
    return new SpikePolicy(
        kind,
        detector.detectorSwitch(),
        detector.number("spreads", spreads),
        detector.number("rise", rise));
  }
}
