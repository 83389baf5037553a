package io.gradwatch.core.clip;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipPolicy;
import io.gradwatch.core.stats.RobustCentre;
import io.gradwatch.core.stats.Trend;

/**
 * Gradwatch's own rule: a robust centre of the recent log-norms and, from what the loss does, how
 * much above or below it.
 *
 * <ul>
 *   <li>While few norms are known the threshold goes to the least of them: what the first steps do
 *       may be an explosion, and a threshold too tight for twenty steps costs next to nothing.
 *   <li>Early restraint: steps that are too long for a network hurt it most among the first
 *       hundreds of a run, where shorter ones are a delay at most. Where loss and norms are rough
 *       the threshold starts up to {@link #EARLY} lower and is back by step {@link #EARLY_STEPS}.
 *   <li>Even norms (spread up to {@link #EVEN}) leave {@code headroom} above the centre, so that a
 *       healthy run is hardly clipped. A larger spread takes headroom away: {@link #PER_SPREAD}
 *       times what it is beyond that where the loss is trusted, {@link #PER_ROUGH_SPREAD} times
 *       where it is not, down to {@code tightness} below the centre.
 *   <li>Norms alone cannot tell the noise of batches, which does no harm, from a learning rate that
 *       is large for the network. The loss can: it is trusted where it hardly strays, or has not
 *       risen for long; but not for the latter where the norms have tails.
 *   <li>Caution: while the loss stands above its lowest level the threshold sinks, step by step,
 *       and comes back half as fast. A run that its steps drive away gets shorter ones until it
 *       holds, whatever its norms say.
 *   <li>Growth: where the loss has not risen, norms that leave the centre behind take the threshold
 *       with them, so that a run can leave the plateau it begins on.
 * </ul>
 *
 * <p>All of it is in logarithms, centre and spread are robust ({@link RobustCentre}) and learn from
 * finite norms only: the scale of norms and losses does not matter, and neither a NaN nor an
 * outlier moves the threshold far. The figures were found in closed loops; what was tried stands in
 * the README of pipeline/lab.
 */
final class AdaptiveRule implements ClipRule {
  /** Spread of the log-norms up to which they are even. */
  static final double EVEN = 0.1;

  /** Spread of the log-norms from which on they are uneven. */
  static final double UNEVEN = 0.3;

  /** Nats the threshold of a run with a rough loss and uneven norms starts lower. */
  static final double EARLY = 1.5;

  /** Step of the run by which it has come back. */
  static final double EARLY_STEPS = 500;

  /** Nats that a spread beyond {@link #EVEN} takes from the headroom, times itself. */
  static final double PER_SPREAD = 1;

  /** The same where the loss is not trusted. */
  static final double PER_ROUGH_SPREAD = 6;

  /** Spread of the log-loss from which on it begins to be rough. */
  static final double LOSS_EVEN = 0.05;

  /** Spread of the log-loss from which on it is rough. */
  static final double LOSS_ROUGH = 0.2;

  /** Share of trust that a step with a risen loss takes. */
  static final double LOST = 0.1;

  /** Share of trust that a step without gives. */
  static final double WON = 0.006;

  /** Spreads that the fast level of the norms may stray from the centre without having grown. */
  static final double GROWN = 1;

  /** Spread from which on the norms have tails that carry what is left to learn. */
  static final double TAILED = 0.6;

  /** Nats that a spread beyond {@link #TAILED} gives back, times itself. */
  static final double PER_TAIL = 1;

  /** Spreads by which the fast level of the loss stands above its lowest when it has risen. */
  static final double RISEN = 0.7;

  /** Nats a step with a risen loss takes from the threshold. */
  static final double SINK = 0.1;

  /** Nats a step without gives back. */
  static final double RECOVER = 0.05;

  /** Most that caution takes. */
  static final double MOST_CAUTION = 4;

  private static final int CENTRE = 0;
  private static final int CAUTION = RobustCentre.CELLS;

  /** Norms that the run's own trend had seen: fewer than before when the measure changed. */
  private static final int SEEN = CAUTION + 1;

  /** 0 where the loss has risen of late, 1 where it has not for long. */
  private static final int TRUST = SEEN + 1;

  private static final int CELLS = TRUST + 1;

  private final ClipPolicy policy;

  AdaptiveRule(ClipPolicy policy) {
    this.policy = policy;
  }

  @Override
  public int cells() {
    return CELLS;
  }

  @Override
  public Guard guard() {
    return Guard.BOUNDED;
  }

  @Override
  public double wanted(double[] cells, Reading reading, RunSeries series, boolean disturbed) {
    startAnewWithTheMeasure(cells, series);
    if (!reading.batchIsOther() && Double.isFinite(reading.normValue())) {
      RobustCentre.update(cells, CENTRE, reading.normValue());
    }
    caution(cells, reading, series);
    if (RobustCentre.count(cells, CENTRE) == 0) {
      return Double.NaN;
    }
    double restraint = restraint(cells, reading.step(), series);
    return StrictMath.exp(level(cells, series) - cells[CAUTION] - restraint);
  }

  /** True from as many norms as the first ones once more. */
  @Override
  public boolean settled(double[] cells) {
    return RobustCentre.count(cells, CENTRE) >= 2 * RobustCentre.FIRST;
  }

  private static void startAnewWithTheMeasure(double[] cells, RunSeries series) {
    long seen = Trend.count(series.norm(), 0);
    if (seen < cells[SEEN]) {
      RobustCentre.restart(cells, CENTRE);
    }
    cells[SEEN] = seen;
  }

  private static void caution(double[] cells, Reading reading, RunSeries series) {
    double[] loss = series.loss();
    if (Trend.count(loss, 0) <= 1) {
      // The run has gone back, or the loss is measured anew: what it did before says nothing.
      cells[CAUTION] = 0;
      cells[TRUST] = 0;
    }
    if (reading.batchIsOther() || !Double.isFinite(reading.lossValue()) || !Trend.ready(loss, 0)) {
      return;
    }
    double above = Trend.fast(loss, 0) - Trend.low(loss, 0);
    boolean risen = above > RISEN * Trend.floorOfSpread(loss, 0);
    double change = risen ? SINK : -RECOVER;
    cells[CAUTION] = Math.max(0, Math.min(MOST_CAUTION, cells[CAUTION] + change));
    double trust = cells[TRUST] + (risen ? -LOST : WON);
    cells[TRUST] = Math.max(0, Math.min(1, trust));
  }

  /** ln of the threshold, but for caution. */
  private double level(double[] cells, RunSeries series) {
    if (RobustCentre.isYoung(cells, CENTRE)) {
      return RobustCentre.leastOfFirst(cells, CENTRE);
    }
    double centre = RobustCentre.centre(cells, CENTRE);
    double spread = RobustCentre.spread(cells, CENTRE);
    double growth =
        cells[CAUTION] > 0
            ? 0
            : Math.max(0, Trend.fast(series.norm(), 0) - centre - GROWN * spread);
    return centre + growth + headroom(spread, distrust(cells, series, spread));
  }

  /**
   * Nats by which the threshold is still below where it will be. It is the run's step that counts,
   * not what was learnt: a change of the measure deep in a run is no beginning.
   */
  private static double restraint(double[] cells, long step, RunSeries series) {
    if (RobustCentre.isYoung(cells, CENTRE) || !isJudged(series)) {
      return 0;
    }
    double left = Math.max(0, 1 - step / EARLY_STEPS);
    double uneven = (RobustCentre.spread(cells, CENTRE) - EVEN) / (UNEVEN - EVEN);
    return EARLY * left * Math.max(0, Math.min(1, uneven)) * roughness(series);
  }

  /**
   * 0 where the loss is even or has not risen for long, 1 where it is rough and has risen, or is
   * rough and the norms have tails.
   */
  private static double distrust(double[] cells, RunSeries series, double spread) {
    double tails = Math.max(0, Math.min(1, (spread - TAILED) / TAILED));
    return roughness(series) * (1 - cells[TRUST] * (1 - tails));
  }

  /** True where the spread of the loss is known and one of its logarithm. */
  private static boolean isJudged(RunSeries series) {
    return !series.lossIsLinear() && Trend.ready(series.loss(), 0);
  }

  /** 0 where the loss is even, 1 where it is rough or its spread cannot be compared. */
  private static double roughness(RunSeries series) {
    if (!isJudged(series)) {
      return 1;
    }
    double rough = (Trend.spread(series.loss(), 0) - LOSS_EVEN) / (LOSS_ROUGH - LOSS_EVEN);
    return Math.max(0, Math.min(1, rough));
  }

  private double headroom(double spread, double distrust) {
    double perSpread = PER_SPREAD + distrust * (PER_ROUGH_SPREAD - PER_SPREAD);
    double left = policy.headroom() - perSpread * Math.max(0, spread - EVEN);
    return Math.max(left, Math.min(-policy.tightness(), policy.headroom()))
        + distrust * PER_TAIL * Math.max(0, spread - TAILED);
  }

  @Override
  public Lowering lowering(double[] cells, long step, RunSeries series) {
    return new Lowering(cells[CAUTION], restraint(cells, step, series));
  }

  @Override
  public double centre(double[] cells, RunSeries series) {
    return RobustCentre.centre(cells, CENTRE);
  }

  @Override
  public double spread(double[] cells, RunSeries series) {
    return RobustCentre.spread(cells, CENTRE);
  }

  @Override
  public double floor(double[] cells) {
    double lowest = Math.min(-policy.tightness(), policy.headroom());
    return StrictMath.exp(RobustCentre.centre(cells, CENTRE) + lowest - MOST_CAUTION);
  }

  @Override
  public double ceiling(double[] cells) {
    double spread = RobustCentre.spread(cells, CENTRE);
    double most = Math.max(policy.headroom(), headroom(spread, 1));
    return StrictMath.exp(RobustCentre.centre(cells, CENTRE) + most);
  }
}
