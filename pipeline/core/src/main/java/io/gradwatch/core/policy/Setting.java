package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import org.jspecify.annotations.Nullable;

/**
 * One number of a policy that can be set.
 *
 * @param kind its detector; null: the clip advisor
 * @param name its name there
 * @param standard the number where nobody set any
 * @param whole true: whole numbers only
 * @param followsFalsePages true: where it is not set it follows the rate of false pages
 * @param bound what it may be
 */
public record Setting(
    @Nullable AlarmKind kind,
    String name,
    double standard,
    boolean whole,
    boolean followsFalsePages,
    Bound bound) {
  /** Where it stands in a policy. */
  public String path() {
    return path(kind) + "." + name;
  }

  static String path(@Nullable AlarmKind kind) {
    return kind == null ? "clip" : "detectors." + kind;
  }
}
