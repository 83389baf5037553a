package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Alarm.ImplicatedLayer;
import io.gradwatch.core.alarm.Alarm.SuggestedAction;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.GrowthPolicy;
import io.gradwatch.core.stats.LayerTrends;
import io.gradwatch.core.stats.Overshoot;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * EXPLODING_GRADIENT: sustained exponential growth of the global gradient norm or of a layer's.
 * Statistic: rise of the fast level of ln(norm) over the lowest its medium level has been, in nats
 * and in spreads, while the medium level is above the slow one (it is growing now), for a row of
 * observations. A run that learns lets norms grow: that low is lifted with every new low of the
 * loss and with the age of the run ({@link RunSeries}), and while the loss makes headway (its
 * medium level is below the slow one and nearer to its low) nothing is judged; while it rises, less
 * growth is enough. After a jump of the loss growth waits, as what is left of it may be healing
 * ({@link RunSeries#mayBeHealing}).
 *
 * <p>Until the trend is ready, from the second observation on: a row of norms that rise and stand
 * far above every one before them ({@link Overshoot}) while the loss is not below its first value,
 * as it is where large norms are part of learning. Growth rate and doubling time are the mean since
 * the low was left. Levels are silent until the trend is ready, also after a declared change of
 * batch size; the rows are forgotten at a rewind. The learning rate plays no part.
 */
public final class ExplodingGradientDetector implements Detector {
  private static final double LN_2 = StrictMath.log(2);

  /** Spreads of the medium level of the loss above its low from which on the loss rises. */
  private static final double RISING_SPREADS = 1;

  /**
   * Distance, in nats, of the medium level of the loss below the slow one that is headway at least:
   * a drift slower than 2 % in ninety values explains no growth.
   */
  private static final double HEADWAY = 0.02;

  private static final int ROW = 0;
  private static final int LOSS_SEEN = 1;
  private static final int LOSS_FIRST = 2;
  private static final int LAST_NORM = 3;
  private static final int OVERSHOOT = 4;

  /** Step and ln(norm) of the first value of the row that overshoots. */
  private static final int OVERSHOOT_STEP = OVERSHOOT + Overshoot.CELLS;

  private static final int OVERSHOOT_FIRST = OVERSHOOT_STEP + 1;

  private final GrowthPolicy policy;

  public ExplodingGradientDetector(GrowthPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.EXPLODING_GRADIENT;
  }

  @Override
  public int cells(int layers) {
    return OVERSHOOT_FIRST + 1;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    if (!Double.isFinite(reading.normValue())) {
      return null;
    }
    countOvershoot(reading, series, memory);
    boolean grows = !series.mayBeHealing() && !lossFalls(series) && anyGrows(series);
    memory[ROW] = grows ? memory[ROW] + 1 : 0;
    return memory[ROW] >= policy.persistence() || overshoots(memory) ? Severity.CRITICAL : null;
  }

  private boolean overshoots(double[] memory) {
    return Overshoot.row(memory, OVERSHOOT) >= policy.overshootPersistence();
  }

  private void countOvershoot(Reading reading, RunSeries series, double[] memory) {
    if (Trend.count(series.norm(), 0) <= 1) {
      // The first norm, or the first one of another measure.
      Overshoot.restart(memory, OVERSHOOT);
      memory[LOSS_SEEN] = 0;
    }
    if (Trend.ready(series.norm(), 0)) {
      Overshoot.forgive(memory, OVERSHOOT);
      return;
    }
    double loss = reading.lossValue();
    if (memory[LOSS_SEEN] == 0 && Double.isFinite(loss)) {
      memory[LOSS_SEEN] = 1;
      memory[LOSS_FIRST] = loss;
    }
    if (loss < memory[LOSS_FIRST] || reading.normValue() < memory[LAST_NORM]) {
      Overshoot.forgive(memory, OVERSHOOT);
    }
    if (!reading.batchIsOther()) {
      memory[LAST_NORM] = reading.normValue();
      Overshoot.update(memory, OVERSHOOT, reading.normValue(), policy.overshoot());
      if (Overshoot.row(memory, OVERSHOOT) == 1) {
        memory[OVERSHOOT_STEP] = reading.step();
        memory[OVERSHOOT_FIRST] = reading.normValue();
      }
    }
  }

  private static double lossAboveLow(double[] loss) {
    return (Trend.medium(loss, 0) - Trend.low(loss, 0)) / Trend.floorOfSpread(loss, 0);
  }

  private static boolean lossRises(RunSeries series) {
    double[] loss = series.loss();
    return Trend.ready(loss, 0)
        && lossAboveLow(loss) >= RISING_SPREADS
        && Trend.medium(loss, 0) > Trend.slow(loss, 0);
  }

  private boolean lossFalls(RunSeries series) {
    double[] loss = series.loss();
    double fall = Trend.slow(loss, 0) - Trend.medium(loss, 0);
    double least = series.lossIsLinear() ? 0 : HEADWAY;
    return Trend.ready(loss, 0)
        && fall >= Math.max(least, policy.fallingLoss() * Trend.floorOfSpread(loss, 0))
        && Trend.medium(loss, 0) - Trend.low(loss, 0) <= fall;
  }

  private boolean anyGrows(RunSeries series) {
    if (grows(series.norm(), leastRise(series))) {
      return true;
    }
    LayerTrends layers = series.layerNorms();
    double least = policy.layerRise();
    for (int i = layers.firstRisen(least, 0);
        i < layers.size();
        i = layers.firstRisen(least, i + 1)) {
      if (grows(layers, i, least)) {
        return true;
      }
    }
    return false;
  }

  private boolean grows(LayerTrends layers, int i, double least) {
    return layers.ready(i)
        && rises(layers.fast(i) - layers.low(i), least, layers.spread(i))
        && layers.medium(i) > layers.slow(i);
  }

  private double leastRise(RunSeries series) {
    return lossRises(series) ? policy.risingLoss() : policy.rise();
  }

  private boolean grows(double[] trend, double least) {
    return Trend.ready(trend, 0)
        && rises(Trend.fast(trend, 0) - Trend.low(trend, 0), least, Trend.spread(trend, 0))
        && Trend.medium(trend, 0) > Trend.slow(trend, 0);
  }

  private boolean rises(double rise, double least, double spread) {
    return rise >= least && rise >= policy.spreads() * spread;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    List<ImplicatedLayer> layers = implicated(series, surroundings);
    if (overshoots(memory)) {
      return leapt(reading, series, memory, surroundings, layers);
    }
    double[] norm = series.norm();
    boolean global = layers.isEmpty() || grows(norm, leastRise(series));
    double[] trend = global ? norm : series.layerNorms().of(layers.get(0).index());
    long onset = layers.isEmpty() ? Trend.lowStep(norm, 0) : layers.get(0).onsetStep();
    double baseline = StrictMath.exp(Trend.low(trend, 0));
    double now = StrictMath.exp(Trend.fast(trend, 0));
    double rate = Trend.growthSinceLow(trend, 0, reading.step());
    String first = layers.isEmpty() ? "" : layers.get(0).name();
    String others = layers.size() > 1 ? "; other layers follow" : "";
    return condition(
        reading,
        remedies(layers, onset, series, surroundings),
        layers,
        onset,
        baseline,
        rate,
        OverflowForecast.of(trend, reading.step(), series.counters().stepInterval()),
        Words.sentence(
            "The gradient norm%s %s: its level is %s at step %d, it was %s%s%s.",
            global ? "" : " of " + first,
            Trend.medium(trend, 0) > Trend.slow(trend, 0) ? "grows" : "has grown",
            Words.number(now),
            reading.step(),
            Words.number(baseline),
            rate > 0 ? ", doubling every " + Words.number(LN_2 / rate) + " steps" : "",
            global && !layers.isEmpty() ? "; first in " + first : others));
  }

  private static Condition leapt(
      Reading reading,
      RunSeries series,
      double[] memory,
      Surroundings surroundings,
      List<ImplicatedLayer> layers) {
    long onset = (long) memory[OVERSHOOT_STEP];
    double last = Trend.last(series.norm(), 0);
    double grown = last - memory[OVERSHOOT_FIRST];
    double rate = grown >= LN_2 ? grown / (reading.step() - onset) : Double.NaN;
    double highest = StrictMath.exp(Overshoot.highest(memory, OVERSHOOT));
    return condition(
        reading,
        remedies(layers, onset, series, surroundings),
        layers,
        onset,
        highest,
        rate,
        OverflowForecast.ofRow(last, rate),
        Words.sentence(
            "The gradient norm is far above all before it: %s at step %d, at most %s before step"
                + " %d%s.",
            Words.number(StrictMath.exp(last)),
            reading.step(),
            Words.number(highest),
            onset,
            rate > 0 ? ", doubling every " + Words.number(LN_2 / rate) + " steps since" : ""));
  }

  /**
   * What both signs tell alike.
   *
   * @param rate growth of ln(norm) per step; NaN where it does not grow
   */
  private static Condition condition(
      Reading reading,
      List<SuggestedAction> actions,
      List<ImplicatedLayer> layers,
      long onset,
      double baseline,
      double rate,
      OverflowForecast overflow,
      String summary) {
    return new Condition(
        onset,
        List.of(
            new Evidence("grad_norm", reading.norm()),
            new Evidence("grad_norm_baseline", baseline),
            new Evidence("growth_rate_per_step", rate),
            new Evidence("doubling_steps", rate > 0 ? LN_2 / rate : Double.NaN),
            new Evidence("steps_to_overflow", overflow.steps()),
            new Evidence("steps_to_overflow_low", overflow.low()),
            new Evidence("steps_to_overflow_high", overflow.high())),
        layers,
        actions,
        summary);
  }

  private static List<SuggestedAction> remedies(
      List<ImplicatedLayer> layers, long onset, RunSeries series, Surroundings surroundings) {
    return new Remedies(surroundings)
        .clip()
        .clipLayers(layers, series)
        .lowerLearningRate()
        .truncate(layers)
        .retry(onset)
        .list();
  }

  private List<ImplicatedLayer> implicated(RunSeries series, Surroundings surroundings) {
    LayerTrends trends = series.layerNorms();
    ImplicatedLayers layers = new ImplicatedLayers(surroundings);
    for (int i = 0; i < trends.size(); i++) {
      if (grows(trends, i, policy.rise())) {
        double[] trend = trends.of(i);
        layers.add(i, Trend.lowStep(trend, 0), Trend.growthSinceLow(trend, 0, series.lastStep()));
      }
    }
    return layers.byOnset();
  }
}
