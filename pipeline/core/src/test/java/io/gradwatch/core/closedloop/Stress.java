package io.gradwatch.core.closedloop;

import java.util.Arrays;
import java.util.SplittableRandom;

/** What befalls the batches of a training: the factor on each, step by step. */
final class Stress {
  /** Factor that corrupts a batch: its gradient is about 900 times as large. */
  static final double CORRUPT = 30;

  /** Factor that leaves the loss finite and makes the gradient's norm infinite. */
  private static final double OVERFLOWING = 1e60;

  private final double[] factors;

  private Stress(double[] factors) {
    this.factors = factors;
  }

  /** Sound batches all along. */
  static Stress none(int steps) {
    double[] factors = new double[steps];
    Arrays.fill(factors, 1);
    return new Stress(factors);
  }

  /** Puts one factor on the batches of a range. */
  Stress with(double factor, int from, int to) {
    double[] changed = factors.clone();
    Arrays.fill(changed, from, to, factor);
    return new Stress(changed);
  }

  /** Corrupts a few batches between the steps 100 and 50 before the end. */
  Stress withCorruptBatches(int count, long seed) {
    double[] changed = factors.clone();
    new SplittableRandom(seed)
        .ints(100, changed.length - 50)
        .distinct()
        .limit(count)
        .forEach(step -> changed[step] = CORRUPT);
    return new Stress(changed);
  }

  /** Multiplies batches of a range by factors with so heavy a tail that gradients have no mean. */
  Stress withHeavyTails(int from, int to, long seed) {
    double[] changed = factors.clone();
    SplittableRandom random = new SplittableRandom(seed);
    for (int step = from; step < to; step++) {
      changed[step] /= Math.sqrt(1 - random.nextDouble());
    }
    return new Stress(changed);
  }

  /** Loses every so many steps, by turns to a NaN and to a norm that overflows. */
  Stress withNonFinite(int intervalSteps) {
    double[] changed = factors.clone();
    for (int step = intervalSteps - 1; step < changed.length; step += intervalSteps) {
      changed[step] = step / intervalSteps % 2 == 0 ? Double.NaN : OVERFLOWING;
    }
    return new Stress(changed);
  }

  int steps() {
    return factors.length;
  }

  double factor(int step) {
    return factors[step];
  }

  /** True when the batch is as it should be. */
  boolean isSound(int step) {
    return factors[step] == 1;
  }
}
