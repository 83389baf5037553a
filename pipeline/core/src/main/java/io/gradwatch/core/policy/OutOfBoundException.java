package io.gradwatch.core.policy;

/** A setting outside its bound. */
final class OutOfBoundException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final transient Bound bound;

  OutOfBoundException(String name, double value, Bound bound) {
    super(name + " is " + Bound.number(value) + ", it must be " + bound);
    this.name = name;
    this.bound = bound;
  }

  /** Name of the setting, its detector's name before it. */
  String name() {
    return name;
  }

  Bound bound() {
    return bound;
  }
}
