package io.gradwatch.core.closedloop;

/** The L2 norm. */
final class Norm {
  private Norm() {}

  static double of(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }
}
