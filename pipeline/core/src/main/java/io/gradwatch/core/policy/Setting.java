package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import org.jspecify.annotations.Nullable;

/**
 * One number of a policy that can be set; a switch is 1 or 0.
 *
 * @param kind its detector; null: the clip advisor
 * @param name its name there
 * @param standard the number where nobody set any
 * @param type which numbers it takes
 * @param followsFalsePages true: where it is not set it follows the rate of false pages
 * @param bound what it may be
 */
public record Setting(
    @Nullable AlarmKind kind,
    String name,
    double standard,
    Type type,
    boolean followsFalsePages,
    Bound bound) {
  /** Which numbers a setting takes, and how a person writes them. */
  public enum Type {
    /** Any within its bound. */
    NUMBER,
    /** Whole numbers only. */
    WHOLE,
    /** 1 or 0, which a person writes as true or false. */
    SWITCH
  }

  /** True when it takes no fractions. */
  public boolean whole() {
    return type != Type.NUMBER;
  }

  /** A value of it, as a person writes it. */
  public String text(double value) {
    return type == Type.SWITCH && bound.holds(value)
        ? String.valueOf(value == 1)
        : Bound.number(value);
  }

  /** What it may be, as a person reads it after "must be". */
  public String allowed() {
    return switch (type) {
      case NUMBER -> bound.toString();
      case WHOLE -> bound + ", whole";
      case SWITCH -> "true or false";
    };
  }

  /** Where it stands in a policy. */
  public String path() {
    return path(kind) + "." + name;
  }

  static String path(@Nullable AlarmKind kind) {
    return kind == null ? "clip" : "detectors." + kind;
  }
}
