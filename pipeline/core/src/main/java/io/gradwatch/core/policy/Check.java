package io.gradwatch.core.policy;

/** Checks of settings: the message says the name, the value found and the bound. */
final class Check {
  private Check() {}

  /** The value, when it is above the bound; NaN is not. */
  static double above(String name, double value, double bound) {
    if (!(value > bound && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + " is " + value + ", it must be finite and above " + bound);
    }
    return value;
  }

  /** The value, when it lies between the bounds or on one of them; NaN does not. */
  static double within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + " is " + value + ", it must be from " + least + " to " + most);
    }
    return value;
  }
}
