package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipPolicy;
import io.gradwatch.core.stats.Trend;
import org.jspecify.annotations.Nullable;

/**
 * Advises a threshold for clipping by the global norm. The target is the centre of the recent
 * log-norms plus a headroom that shrinks with their spread: loose where norms are even, at the
 * centre where they are heavy-tailed. Advice follows its target only when that is worth telling
 * (dead band), upwards by bounded factors and never while a disturbance is under way; downwards at
 * once, since a trainer may be twenty steps late.
 *
 * <p>Centre and spread are winsorised ({@link Trend}) and learn from finite norms only, so neither
 * a NaN nor an outlier moves the advice. The scale of norms and losses does not matter.
 */
public final class ClipAdvisor {
  /** Norms beyond this many spreads freeze the threshold. */
  private static final double DISTURBED_SPREADS = 6;

  /** A threshold moves at most this far, in nats, below the one before. */
  private static final double MOST_DROP = 0.7;

  private final ClipPolicy policy;

  public ClipAdvisor(ClipPolicy policy) {
    this.policy = policy;
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
    double[] norm = series.norm();
    if (Trend.count(norm, 0) == 0) {
      return null;
    }
    boolean mayNotRise =
        disturbed || reading.normScore() > DISTURBED_SPREADS || reading.nonFinite();
    double known = advice.threshold();
    double target = target(norm);
    if (Double.isNaN(known)) {
      advice.make(StrictMath.exp(target), reading.step(), disturbed);
      return AdviceReason.COLD_START;
    }
    AdviceReason owed = advice.owed();
    double change = target - StrictMath.log(known);
    if (mayNotRise) {
      change = Math.min(change, 0);
    }
    boolean mayRaise = advice.sinceRaise() >= policy.raiseIntervalSteps() || !Trend.ready(norm, 0);
    if (change <= -policy.deadBand() || (change >= policy.deadBand() && mayRaise)) {
      double bounded = Math.max(-MOST_DROP, Math.min(policy.raise(), change));
      advice.make(known * StrictMath.exp(bounded), reading.step(), disturbed);
      return owed == null ? AdviceReason.BASELINE : owed;
    }
    if (owed != null) {
      advice.make(known, reading.step(), disturbed);
      return owed;
    }
    return retell(advice, reading.step(), disturbed, known);
  }

  /** Tells known advice again where its standing changed or its validity is about to end. */
  private @Nullable AdviceReason retell(Advice advice, long step, boolean disturbed, double known) {
    if (disturbed != advice.frozen()) {
      advice.make(known, step, disturbed);
      return disturbed ? AdviceReason.DISTURBANCE : AdviceReason.RECOVERED;
    }
    if (step - advice.madeAtStep() >= policy.validitySteps() / 2) {
      advice.make(known, step, disturbed);
      return AdviceReason.RENEWED;
    }
    return null;
  }

  private double target(double[] norm) {
    double spread = Trend.spread(norm, 0);
    double headroom = Double.isNaN(spread) ? 0 : Math.max(0, policy.headroom() - spread);
    return Trend.medium(norm, 0) + headroom;
  }

  /** Highest threshold that the norms of now could lead to. */
  public double ceiling(RunSeries series) {
    return StrictMath.exp(Trend.medium(series.norm(), 0) + Math.max(0, policy.headroom()));
  }

  /** Lowest threshold that the norms of now could lead to. */
  public double floor(RunSeries series) {
    return StrictMath.exp(Trend.low(series.norm(), 0));
  }
}
