package io.gradwatch.core.detect;

import io.gradwatch.core.stats.Trend;

/**
 * How far a loss that may be negative strays from its slow level: such losses (policy gradients,
 * adversaries) wander to and fro by more than neighbours differ. An exponentially weighted mean of
 * the distances, each winsorised like those of neighbours. A flyweight over {@link #CELLS} cells of
 * an array of the caller, all zero at first.
 */
final class Wander {
  static final int CELLS = 2;

  /** Weight of a value: losses wander over hundreds of values. */
  private static final double WEIGHT = Trend.weight(320);

  private static final int DISTANCE = 0;
  private static final int COUNT = 1;

  private Wander() {}

  /** Forgets what was seen, where the loss is learnt anew. */
  static void restart(double[] cells, int at) {
    cells[at + DISTANCE] = 0;
    cells[at + COUNT] = 0;
  }

  /** Spread of a loss before this value, which is learned after that. */
  static double learn(double[] cells, int at, double[] loss, double value) {
    double spread = Math.max(Trend.floorOfSpread(loss, 0), cells[at + DISTANCE]);
    double distance = Math.abs(value - Trend.slow(loss, 0));
    double near = Math.min(distance, Trend.SPREAD_WINSOR * spread);
    double weight = Math.max(1 / ++cells[at + COUNT], WEIGHT);
    cells[at + DISTANCE] += weight * (near - cells[at + DISTANCE]);
    return spread;
  }
}
