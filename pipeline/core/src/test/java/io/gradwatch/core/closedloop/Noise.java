package io.gradwatch.core.closedloop;

import java.util.SplittableRandom;

/**
 * Even noise of mean 0 and variance 1, cheaper than Gaussian noise and the same on every machine.
 */
final class Noise {
  private static final double HALF_WIDTH = Math.sqrt(3);

  private Noise() {}

  static double next(SplittableRandom random) {
    return HALF_WIDTH * (2 * random.nextDouble() - 1);
  }
}
