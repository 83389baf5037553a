package io.gradwatch.core.clip;

import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The advice of a run as it is remembered. */
public final class Advice implements State {
  private double threshold;
  private long madeAtStep;
  private long raisedAtCount;
  private long count;
  private boolean frozen;
  private boolean resumed;
  private boolean rewound;

  /** Name of the rule whose numbers the cells are; empty: of none. */
  private String rule = "";

  /** True until the rule that took the place of another has wanted a threshold. */
  private boolean ruleIsNew;

  private double[] cells = {};

  @Override
  public void fields(StateCodec codec) {
    threshold = codec.f64(threshold);
    madeAtStep = codec.i64(madeAtStep);
    raisedAtCount = codec.i64(raisedAtCount);
    count = codec.i64(count);
    frozen = codec.flag(frozen);
    resumed = codec.flag(resumed);
    rewound = codec.flag(rewound);
    if (codec.since(3)) {
      rule = codec.text(rule);
      ruleIsNew = codec.flag(ruleIsNew);
      cells = codec.f64s(cells);
    } else if (threshold > 0) {
      // There was no other rule.
      rule = ClipRuleKind.ADAPTIVE.name();
    }
  }

  /** What the rule in force learnt, which goes back with the run; that of another stays behind. */
  public void baselines(StateCodec codec) {
    String learntBy = codec.text(rule);
    double[] learnt = codec.f64s(cells);
    if (learntBy.equals(rule)) {
      cells = learnt;
    }
  }

  /**
   * The numbers of the rule in force, zero at first and when another rule was in force before.
   *
   * @param count how many it needs
   */
  double[] cells(ClipRuleKind inForce, int count) {
    if (!rule.equals(inForce.name())) {
      ruleIsNew = !rule.isEmpty();
      rule = inForce.name();
      cells = new double[count];
    } else if (cells.length < count) {
      cells = Arrays.copyOf(cells, count);
    }
    return cells;
  }

  /** True until the rule that took the place of another has wanted a threshold. */
  boolean ruleIsNew() {
    return ruleIsNew;
  }

  /**
   * The rule in force wants a threshold.
   *
   * @return true when it is the first since it took the place of another
   */
  boolean takeOver() {
    boolean wasNew = ruleIsNew;
    ruleIsNew = false;
    return wasNew;
  }

  /** Threshold advised now; NaN until there is one. */
  public double threshold() {
    return threshold > 0 ? threshold : Double.NaN;
  }

  /**
   * A newer attempt has begun, whose trainer knows none of the advice so far.
   *
   * @param wentBack true when it began at a step that was seen before
   */
  public void beginAttempt(boolean wentBack) {
    resumed = true;
    rewound = wentBack;
  }

  /** Why the advice has to be told again to a new attempt; null when it has not. */
  @Nullable AdviceReason owed() {
    if (!resumed) {
      return null;
    }
    return rewound ? AdviceReason.REWOUND : AdviceReason.RENEWED;
  }

  /** Counts an observation and answers how many there were. */
  long observe() {
    return ++count;
  }

  /** Observations since the threshold was last raised. */
  long sinceRaise() {
    return count - raisedAtCount;
  }

  long madeAtStep() {
    return madeAtStep;
  }

  boolean frozen() {
    return frozen;
  }

  void make(double newThreshold, long step, boolean isFrozen) {
    if (newThreshold > threshold) {
      raisedAtCount = count;
    }
    threshold = newThreshold;
    retell(step, isFrozen);
  }

  /** Tells again what is advised, a threshold or none. */
  void retell(long step, boolean isFrozen) {
    madeAtStep = step;
    frozen = isFrozen;
    resumed = false;
    rewound = false;
  }
}
