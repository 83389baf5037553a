package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import java.util.List;

/**
 * A parameter of a rule of somebody else, and what it is here.
 *
 * @param name as its users know it
 * @param standard its documented default; NaN where it has no counterpart here
 * @param targets settings that follow it; none where it has no counterpart here
 * @param why why it has none; else empty
 */
public record RuleParameter(String name, double standard, List<Target> targets, String why) {
  /** A setting that follows a parameter. */
  public record Target(AlarmKind kind, String setting, Translation translation) {
    /** Where it stands in a policy. */
    public String path() {
      return Setting.path(kind) + "." + setting;
    }
  }

  /** What a parameter x is here. */
  public enum Translation {
    SAME("x"),
    SHARE_OF_PERCENT("x / 100"),
    LN_OF_RISE("ln(1 + x)"),
    LN_OF_RISE_PERCENT("ln(1 + x / 100)"),
    LN_OF_FALL_PERCENT("-ln(1 - x / 100)");

    private final String formula;

    Translation(String formula) {
      this.formula = formula;
    }

    /** As a person reads it. */
    public String formula() {
      return formula;
    }

    double of(double x) {
      return switch (this) {
        case SAME -> x;
        case SHARE_OF_PERCENT -> x / 100;
        case LN_OF_RISE -> StrictMath.log1p(x);
        case LN_OF_RISE_PERCENT -> StrictMath.log1p(x / 100);
        case LN_OF_FALL_PERCENT -> -StrictMath.log1p(-x / 100);
      };
    }
  }

  static RuleParameter of(String name, double standard, Target... targets) {
    return new RuleParameter(name, standard, List.of(targets), "");
  }

  static RuleParameter none(String name, String why) {
    return new RuleParameter(name, Double.NaN, List.of(), why);
  }

  static Target target(AlarmKind kind, String setting, Translation translation) {
    return new Target(kind, setting, translation);
  }

  /** True when something here follows it. */
  public boolean counts() {
    return !targets.isEmpty();
  }
}
