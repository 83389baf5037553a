package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipPolicy;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;

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
 */
public final class ScopeAdvisor {
  /** Observations between two looks at whether scopes have moved: keeps their advice rare. */
  static final int INTERVAL = 50;

  /** ln of the factor, or spreads of a layer, beyond which a move is told by itself. */
  private static final double WIDE_BAND = 0.5;

  /** A threshold moves at most this far, in nats, below the one before. */
  private static final double MOST_DROP = 0.7;

  /** Norms beyond this many spreads are no time to tell what the usual ones are. */
  private static final double DISTURBED_SPREADS = 6;

  private static final double LN_2 = StrictMath.log(2);

  private final ClipPolicy policy;

  public ScopeAdvisor(ClipPolicy policy) {
    this.policy = policy;
  }

  /**
   * Takes an observation.
   *
   * @param disturbed true while an alarm is open that the norms cannot be trusted in
   * @return true when a scope has moved so far that it is worth telling by itself
   */
  public boolean observe(ScopeAdvice scopes, Reading reading, RunSeries series, boolean disturbed) {
    double centre = Trend.medium(series.norm(), 0);
    double excess = scopes.global() - centre;
    if (disturbed || reading.nonFinite()) {
      return false;
    }
    if (!reading.skipped() && !reading.batchIsOther()) {
      // First advice is at the only norm seen.
      learn(scopes, reading, Double.isNaN(excess) ? 0 : excess);
    }
    boolean looks = series.counters().steps() % INTERVAL == 0 && !Double.isNaN(excess);
    return looks && !(reading.normScore() > DISTURBED_SPREADS) && moved(scopes, series, centre);
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

  private static boolean moved(ScopeAdvice scopes, RunSeries series, double centre) {
    double[] norms = series.layerNorms();
    double[] told = scopes.layers();
    double excess = scopes.global() - centre;
    for (int i = 0; i < series.layers(); i++) {
      int at = i * Trend.CELLS;
      double band = Math.max(WIDE_BAND, Trend.floorOfSpread(norms, at));
      double before = i < told.length ? told[i] : Double.NaN;
      if (differs(before, Trend.medium(norms, at) + excess, band)) {
        return true;
      }
    }
    return differs(scopes.value(), scopes.global() + reach(scopes), WIDE_BAND);
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
    double fall = Math.min(0, global - scopes.global());
    double excess = global - Trend.medium(series.norm(), 0);
    scopes.layers(series.layers());
    double[] told = scopes.layers();
    for (int i = 0; i < series.layers(); i++) {
      double centre = Trend.medium(series.layerNorms(), i * Trend.CELLS);
      told[i] = follow(told[i], disturbed ? Double.NaN : centre + excess, fall);
    }
    double value = disturbed ? Double.NaN : global + reach(scopes);
    scopes.tell(follow(scopes.value(), value, fall), global);
  }

  /**
   * The target, as far as it may be followed at once; where there is none, what was told before,
   * fallen with the global threshold.
   */
  private double follow(double before, double target, double fall) {
    if (Double.isNaN(target)) {
      return before + fall;
    }
    return Double.isNaN(before)
        ? target
        : before + Math.max(-MOST_DROP, Math.min(policy.raise(), target - before));
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
