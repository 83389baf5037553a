package io.gradwatch.core.policy;

/** Checks of settings: the message says the name, the value found and the bound. */
final class Check {
  private Check() {}

  /** The value, when it is finite and above the bound; NaN is not. */
  static double above(String name, double value, double bound) {
    return check(name, value, Bound.above(bound));
  }

  /** The value, when it lies between the bounds or on one of them; NaN does not. */
  static double within(String name, double value, double least, double most) {
    return check(name, value, Bound.within(least, most));
  }

  private static double check(String name, double value, Bound bound) {
    if (!bound.holds(value)) {
      throw new OutOfBoundException(name, value, bound);
    }
    return value;
  }
}
