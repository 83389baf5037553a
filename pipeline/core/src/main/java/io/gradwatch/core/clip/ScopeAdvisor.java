package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipPolicy;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import org.jspecify.annotations.Nullable;

/**
 * Advises thresholds for layers by themselves, and a bound for single components, from the global
 * threshold T.
 *
 * <p>A layer's threshold stands as far above the centre of its own norms as T stands above the
 * centre of the global ones. The bound v for components is the one at which the usual gradient
 * would shrink to T where T is below the usual norm: the root of sum n min(m, v)^2 = T^2 over the
 * buckets of the histogram, n components of size m each. Else, or without a histogram, it is the
 * usual largest component times T over the centre of the norms. Either is kept as its ratio to T,
 * in which the size of the gradients cancels, so that all of them follow T with its discipline.
 *
 * <p>They are told whenever T is, and by themselves where one has moved beyond a wider dead band;
 * they rise by bounded factors. While the run is disturbed they only fall with T: which layer the
 * disturbance comes from must not widen it.
 *
 * <p>Under a published rule nothing is bounded: they are told as they are, and while the run is
 * disturbed they rise and fall with T. Under AdaGC layers have thresholds of their own ({@link
 * AdaGcLayers}), which nothing freezes and which are told by themselves beyond the dead band of the
 * policy.
 */
public final class ScopeAdvisor {
  /** Observations between two looks at whether scopes have moved: keeps their advice rare. */
  static final int INTERVAL = 50;

  /** ln of the factor, or spreads of a layer, beyond which a move is told by itself. */
  private static final double WIDE_BAND = 0.5;

  private static final double LN_2 = StrictMath.log(2);

  private final ClipPolicy policy;

  /** False: who chooses a published rule gets what it says. */
  private final boolean isBounded;

  /** The rule of layers; null: they follow the global threshold. */
  private final @Nullable AdaGcLayers adaGc;

  public ScopeAdvisor(ClipPolicy policy) {
    this.policy = policy;
    this.isBounded = ClipRule.of(policy).guard() == ClipRule.Guard.BOUNDED;
    this.adaGc =
        policy.rule() == ClipRuleKind.ADAGC && policy.scopes().layers()
            ? new AdaGcLayers(policy.published().adaGc())
            : null;
  }

  /**
   * Takes an observation.
   *
   * @param disturbed true while an alarm is open that the norms cannot be trusted in
   * @return why a scope is worth telling by itself: it has moved far, or is not to be advised any
   *     more; null: none is
   */
  public @Nullable AdviceReason observe(
      ScopeAdvice scopes, Reading reading, RunSeries series, boolean disturbed) {
    double excess = scopes.global() - Trend.medium(series.norm(), 0);
    boolean steady = !disturbed && !reading.nonFinite();
    if (steady && policy.scopes().components() && !reading.skipped() && !reading.batchIsOther()) {
      // First advice is at the only norm seen.
      learn(scopes, reading, Double.isNaN(excess) ? 0 : excess);
    }
    if (adaGc == null) {
      scopes.forgetLayerCells();
    } else {
      adaGc.learn(scopes, reading);
    }
    if (scopes.keep(policy.scopes())) {
      return AdviceReason.RENEWED;
    }
    boolean looks = series.counters().steps() % INTERVAL == 0 && !Double.isNaN(scopes.global());
    boolean trusts = steady && !(reading.normScore() > ClipAdvisor.DISTURBED_SPREADS);
    return looks && moved(scopes, series, trusts ? excess : Double.NaN)
        ? AdviceReason.BASELINE
        : null;
  }

  private static void learn(ScopeAdvice scopes, Reading reading, double excess) {
    Log2Histogram histogram = reading.observation().histogram();
    double log = Double.NaN;
    if (histogram != null && excess < 0) {
      log = LN_2 * histogram.log2BoundOverNorm(StrictMath.exp(excess)) - excess;
    } else if (reading.observation().has(Scalar.GRAD_ABS_MAX)) {
      double largest = reading.observation().get(Scalar.GRAD_ABS_MAX);
      log = StrictMath.log(largest) - StrictMath.log(reading.observation().get(Scalar.GRAD_NORM));
    } else if (histogram != null) {
      log = LN_2 * histogram.log2BoundOverNorm(1);
    }
    if (Double.isFinite(log)) {
      scopes.learnReach(reading.step(), log);
    }
  }

  /**
   * True when a scope has moved.
   *
   * @param excess ln of the global threshold over the centre of the norms; NaN: that is no measure
   *     of the scopes now
   */
  private boolean moved(ScopeAdvice scopes, RunSeries series, double excess) {
    double[] told = scopes.layers();
    for (int i = 0; policy.scopes().layers() && i < series.layers(); i++) {
      double before = i < told.length ? told[i] : Double.NaN;
      if (differs(before, layer(scopes, series, i, excess), layerBand(series, i))) {
        return true;
      }
    }
    return !Double.isNaN(excess)
        && differs(scopes.value(), scopes.global() + reach(scopes), WIDE_BAND);
  }

  /** ln of the threshold that a layer should have; NaN: not known, or none. */
  private double layer(ScopeAdvice scopes, RunSeries series, int layer, double excess) {
    return adaGc == null
        ? series.layerNorms().medium(layer) + excess
        : adaGc.threshold(scopes, layer);
  }

  private double layerBand(RunSeries series, int layer) {
    return adaGc == null
        ? Math.max(WIDE_BAND, series.layerNorms().floorOfSpread(layer))
        : policy.deadBand();
  }

  /** True also where advice has become possible. */
  private static boolean differs(double before, double target, double band) {
    return Double.isNaN(before) ? !Double.isNaN(target) : Math.abs(target - before) > band;
  }

  private static double reach(ScopeAdvice scopes) {
    return scopes.reach().length == 0 ? Double.NaN : Trend.medium(scopes.reach(), 0);
  }

  /**
   * Sets what is told of the scopes with a global threshold.
   *
   * @param threshold the global threshold told now; NaN: none, and none for the scopes
   * @param disturbed true while an alarm is open that the norms cannot be trusted in
   */
  public void tell(ScopeAdvice scopes, RunSeries series, double threshold, boolean disturbed) {
    if (Double.isNaN(threshold)) {
      return;
    }
    double global = StrictMath.log(threshold);
    double shift = global - scopes.global();
    shift = isBounded ? Math.min(0, shift) : shift;
    double excess = disturbed ? Double.NaN : global - Trend.medium(series.norm(), 0);
    scopes.layers(policy.scopes().layers() ? series.layers() : 0);
    double[] told = scopes.layers();
    for (int i = 0; i < told.length; i++) {
      told[i] = follow(told[i], layer(scopes, series, i, excess), shift);
    }
    double value = disturbed ? Double.NaN : global + reach(scopes);
    scopes.tell(follow(scopes.value(), value, shift), global);
  }

  /**
   * The target, as far as it may be followed at once; where there is none, what was told before,
   * shifted with the global threshold.
   */
  private double follow(double before, double target, double shift) {
    if (Double.isNaN(target)) {
      return before + shift;
    }
    return Double.isNaN(before) || !isBounded
        ? target
        : before + Math.max(-ClipAdvisor.MOST_DROP, Math.min(policy.raise(), target - before));
  }

  /** The threshold of each layer, NaN for one without advice; empty when all are. */
  public static float[] layerThresholds(ScopeAdvice scopes) {
    double[] told = scopes.layers();
    float[] thresholds = new float[told.length];
    boolean any = false;
    for (int i = 0; i < told.length; i++) {
      float threshold = (float) StrictMath.exp(told[i]);
      boolean holds = threshold > 0 && threshold < Float.POSITIVE_INFINITY;
      thresholds[i] = holds ? threshold : Float.NaN;
      any |= holds;
    }
    return any ? thresholds : new float[0];
  }

  /** The bound of each component; NaN: no advice on it. */
  public static double value(ScopeAdvice scopes) {
    return StrictMath.exp(scopes.value());
  }
}
