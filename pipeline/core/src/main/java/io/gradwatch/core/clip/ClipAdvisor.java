package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipPolicy;
import io.gradwatch.core.policy.ClipRuleKind;
import org.jspecify.annotations.Nullable;

/**
 * Advises a threshold for clipping by the global norm: a {@link ClipRule} says which one it wants
 * at each step, the advisor what of that is told and when. Advice changes only when that is worth
 * telling (dead band). Behind the guards of {@link ClipRule.Guard#BOUNDED} it rises by bounded
 * factors and never while a disturbance is under way, and falls without waiting, by up to a factor
 * of two a step, since a trainer may be twenty steps late.
 *
 * <p>A rule that the policy puts in place of another starts from nothing; until it wants a
 * threshold the advice before it holds, and is renewed and told to new attempts as ever. Under
 * {@code BOUNDED} that advice is where the new rule goes on from, else the first threshold it wants
 * is told as it is.
 */
public final class ClipAdvisor {
  /** Norms beyond this many spreads freeze the threshold. */
  static final double DISTURBED_SPREADS = 6;

  /**
   * A threshold moves at most this far, in nats, below the one before: a factor of two. One first
   * norm next to 0 would else take it where bounded raises need hundreds of steps to come back
   * from.
   */
  static final double MOST_DROP = 0.7;

  private final ClipPolicy policy;
  private final ClipRuleKind kind;
  private final ClipRule rule;

  public ClipAdvisor(ClipPolicy policy) {
    this(policy, policy.rule(), ClipRule.of(policy));
  }

  ClipAdvisor(ClipPolicy policy, ClipRuleKind kind, ClipRule rule) {
    this.policy = policy;
    this.kind = kind;
    this.rule = rule;
  }

  /**
   * Takes an observation.
   *
   * @param disturbed true while an alarm is open that the norms cannot be trusted in
   * @return why the advice changed; null: it did not
   */
  public @Nullable AdviceReason observe(
      Advice advice, Reading reading, RunSeries series, boolean disturbed) {
    advice.observe();
    double[] cells = cells(advice);
    double wanted = rule.wanted(cells, reading, series, disturbed);
    if (!(wanted > 0 && wanted < Double.POSITIVE_INFINITY)) {
      return withoutThreshold(advice, reading.step(), disturbed);
    }
    boolean guarded = rule.guard() == ClipRule.Guard.BOUNDED;
    double known = advice.threshold();
    boolean takesOver = advice.takeOver();
    if (Double.isNaN(known) || (takesOver && !guarded)) {
      advice.make(wanted, reading.step(), disturbed);
      return AdviceReason.COLD_START;
    }
    double told =
        guarded ? bounded(advice, known, wanted, reading, disturbed) : worthTelling(known, wanted);
    AdviceReason owed = advice.owed();
    if (told != known) {
      advice.make(told, reading.step(), disturbed);
      return owed == null ? AdviceReason.BASELINE : owed;
    }
    // What is told anyway is told as the rule wants it, within its guards.
    double held = guarded ? known : wanted;
    if (owed != null) {
      advice.make(held, reading.step(), disturbed);
      return owed;
    }
    return retell(advice, reading.step(), disturbed, held);
  }

  private double bounded(
      Advice advice, double known, double wanted, Reading reading, boolean disturbed) {
    double change = StrictMath.log(wanted) - StrictMath.log(known);
    if (disturbed || reading.normScore() > DISTURBED_SPREADS || reading.nonFinite()) {
      change = Math.min(change, 0);
    }
    boolean mayRaise =
        advice.sinceRaise() >= policy.raiseIntervalSteps() || !rule.settled(cells(advice));
    if (change <= -policy.deadBand() || (change >= policy.deadBand() && mayRaise)) {
      return known * StrictMath.exp(Math.max(-MOST_DROP, Math.min(policy.raise(), change)));
    }
    return known;
  }

  private double worthTelling(double known, double wanted) {
    double deadBand = rule.guard() == ClipRule.Guard.NONE ? 0 : policy.deadBand();
    return Math.abs(StrictMath.log(wanted / known)) >= deadBand ? wanted : known;
  }

  /**
   * Where the rule wants none, the advice before it holds; where there is none, advice is what to
   * do about an alarm while one is open.
   */
  private @Nullable AdviceReason withoutThreshold(Advice advice, long step, boolean disturbed) {
    if (Double.isNaN(advice.threshold()) && !disturbed && !advice.frozen()) {
      return null;
    }
    AdviceReason owed = advice.owed();
    AdviceReason reason = owed == null ? standing(advice, step, disturbed) : owed;
    if (reason != null) {
      advice.retell(step, disturbed);
    }
    return reason;
  }

  /** Tells advice again where its standing changed or its validity is about to end. */
  private @Nullable AdviceReason retell(Advice advice, long step, boolean disturbed, double held) {
    AdviceReason reason = standing(advice, step, disturbed);
    if (reason != null) {
      advice.make(held, step, disturbed);
    }
    return reason;
  }

  /** Why advice that has not changed is to be told again; null: it is not. */
  private @Nullable AdviceReason standing(Advice advice, long step, boolean disturbed) {
    if (disturbed != advice.frozen()) {
      return disturbed ? AdviceReason.DISTURBANCE : AdviceReason.RECOVERED;
    }
    return step - advice.madeAtStep() >= policy.validitySteps() / 2 ? AdviceReason.RENEWED : null;
  }

  /**
   * True while the rule in force has wanted no threshold: none is told, or that of another rule.
   */
  public boolean warmsUp(Advice advice) {
    cells(advice);
    return Double.isNaN(advice.threshold()) || advice.ruleIsNew();
  }

  /** True when the threshold is not raised while a disturbance is under way. */
  public boolean freezes() {
    return rule.guard() == ClipRule.Guard.BOUNDED;
  }

  /** Geometric centre of the norms that the advice rests on; NaN: none since they began anew. */
  public double centre(Advice advice, RunSeries series) {
    return StrictMath.exp(rule.centre(cells(advice), series));
  }

  /** Standard deviation of the logarithm of those norms; NaN: fewer than two. */
  public double spread(Advice advice, RunSeries series) {
    return rule.spread(cells(advice), series);
  }

  /** Highest threshold that the norms of now could lead to. */
  public double ceiling(Advice advice) {
    double ceiling = rule.ceiling(cells(advice));
    return Double.isNaN(ceiling) ? advice.threshold() : Math.max(ceiling, advice.threshold());
  }

  /** How much lower the threshold of a step is than the norms alone would have it. */
  public Lowering lowering(Advice advice, long step, RunSeries series) {
    return rule.lowering(cells(advice), step, series);
  }

  /** Lowest threshold that the norms of now could lead to. */
  public double floor(Advice advice) {
    double floor = rule.floor(cells(advice));
    return Double.isNaN(floor) ? advice.threshold() : Math.min(floor, advice.threshold());
  }

  private double[] cells(Advice advice) {
    return advice.cells(kind, rule.cells());
  }
}
