package io.gradwatch.core.policy;

/**
 * Settings of LOSS_SPIKE or GRADIENT_SPIKE.
 *
 * @param spreads spreads above the medium level at which a value is a spike
 * @param rise ln of the factor above that level which it must reach as well
 */
public record SpikePolicy(DetectorSwitch detector, double spreads, double rise) {
  public SpikePolicy {
    Check.above("spike.spreads", spreads, 0);
    Check.within("spike.rise", rise, 0, 100);
  }

  /** Settings of LOSS_SPIKE: 8 spreads and a third more than usual. */
  public static SpikePolicy lossDefaults() {
    return new SpikePolicy(DetectorSwitch.WARNING, 8, 0.3);
  }

  /** Settings of GRADIENT_SPIKE: 10 spreads and three times the usual, as norms are rougher. */
  public static SpikePolicy gradientDefaults() {
    return new SpikePolicy(DetectorSwitch.WARNING, 10, 1.1);
  }
}
