package io.gradwatch.core.policy;

/**
 * The numbers a setting may have; NaN and infinities are never among them.
 *
 * @param least smallest
 * @param open true: {@code least} itself is not allowed
 * @param most largest; infinity: none
 */
public record Bound(double least, boolean open, double most) {
  /** Finite and above the number. */
  static Bound above(double least) {
    return new Bound(least, true, Double.POSITIVE_INFINITY);
  }

  /** Between the numbers or on one of them. */
  static Bound within(double least, double most) {
    return new Bound(least, false, most);
  }

  /** True when the value lies inside. */
  public boolean holds(double value) {
    return (open ? value > least : value >= least)
        && value <= most
        && value < Double.POSITIVE_INFINITY;
  }

  /** As a person reads it after "must be". */
  @Override
  public String toString() {
    String lowest = number(least);
    if (most == Double.POSITIVE_INFINITY) {
      return "above " + lowest;
    }
    return "from " + lowest + " to " + number(most);
  }

  /** A setting as a person writes it: whole numbers without a decimal point. */
  public static String number(double value) {
    boolean whole = value == StrictMath.rint(value) && Math.abs(value) < 1e15;
    return whole
        ? Long.toString((long) value)
        : Double.toString(value).replace(".0E", "E").replace('E', 'e');
  }
}
