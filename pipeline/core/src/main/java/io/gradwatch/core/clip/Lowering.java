package io.gradwatch.core.clip;

/**
 * How much lower a threshold is than the norms alone would have it, in nats.
 *
 * @param caution while the loss stands above its lowest; from 0 on
 * @param restraint in the first hundreds of steps of a rough run; from 0 on
 */
public record Lowering(double caution, double restraint) {
  /** The threshold follows the norms alone. */
  static final Lowering NONE = new Lowering(0, 0);
}
