package io.gradwatch.core.policy;

/** Settings of detection and advice that hold for one run. */
public record Policy(
    NonFinitePolicy nonFinite,
    GrowthPolicy explodingGradient,
    DivergencePolicy divergence,
    SpikePolicy lossSpike,
    SpikePolicy gradientSpike,
    ClipPolicy clip) {
  private static final Policy DEFAULT =
      new Policy(
          NonFinitePolicy.defaults(),
          GrowthPolicy.defaults(),
          DivergencePolicy.defaults(),
          SpikePolicy.lossDefaults(),
          SpikePolicy.gradientDefaults(),
          ClipPolicy.defaults());

  /** The settings a run has when nobody set any. */
  public static Policy defaults() {
    return DEFAULT;
  }
}
