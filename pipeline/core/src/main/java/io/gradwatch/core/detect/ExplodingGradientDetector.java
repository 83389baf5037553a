package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Alarm.ImplicatedLayer;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.GrowthPolicy;
import io.gradwatch.core.stats.Overshoot;
import io.gradwatch.core.stats.Trend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * EXPLODING_GRADIENT: sustained exponential growth of the global gradient norm or of a layer's.
 * Statistic: rise of the fast level of ln(norm) over the lowest its medium level has been, in nats
 * and in spreads, while the medium level is above the slow one (it is growing now), for a row of
 * observations. A run that learns lets norms grow: that low is lifted with every new low of the
 * loss and with the age of the run ({@link RunSeries}), and while the loss makes headway nothing is
 * judged; while it rises, less growth is enough. After a jump of the loss growth waits, as what is
 * left of it may be healing ({@link RunSeries#mayBeHealing}).
 *
 * <p>Besides, at any age and from the second observation on: a row of norms far above every one
 * before them ({@link Overshoot}), none of which brought the loss to a new low. Growth rate and
 * doubling time are the mean since the low was left. Levels are silent until the trend is ready,
 * also after a declared change of batch size; the rows are forgotten at a rewind. The learning rate
 * plays no part.
 */
public final class ExplodingGradientDetector implements Detector {
  /** Largest single-precision number: where norms overflow. */
  private static final double LN_OVERFLOW = StrictMath.log(Float.MAX_VALUE);

  /** Spreads of the medium level of the loss above its low from which on the loss rises. */
  private static final double RISING_SPREADS = 1;

  private static final int ROW = 0;
  private static final int LOSS_SEEN = 1;
  private static final int LOSS_LOWEST = 2;
  private static final int OVERSHOOT = 3;

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
    return OVERSHOOT + Overshoot.CELLS;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    countOvershoot(reading, series, memory);
    boolean grows = !series.mayBeHealing() && !lossFalls(series) && anyGrows(series);
    memory[ROW] = grows ? memory[ROW] + 1 : 0;
    return memory[ROW] >= policy.persistence()
            || Overshoot.row(memory, OVERSHOOT) >= policy.overshootPersistence()
        ? Severity.CRITICAL
        : null;
  }

  private void countOvershoot(Reading reading, RunSeries series, double[] memory) {
    double loss = reading.lossValue();
    if (Double.isFinite(loss) && (memory[LOSS_SEEN] == 0 || loss < memory[LOSS_LOWEST])) {
      memory[LOSS_SEEN] = 1;
      memory[LOSS_LOWEST] = loss;
      // Norms that take the loss to where it never was are not an explosion.
      Overshoot.forgive(memory, OVERSHOOT);
    }
    if (Trend.count(series.norm(), 0) <= 1) {
      // The first norm, or the first one of another measure.
      Overshoot.restart(memory, OVERSHOOT);
    }
    if (Double.isFinite(reading.normValue()) && !reading.batchIsOther()) {
      Overshoot.update(memory, OVERSHOOT, reading.normValue(), policy.overshoot());
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
    return Trend.ready(loss, 0) && fall >= policy.fallingLoss() * Trend.floorOfSpread(loss, 0);
  }

  private boolean anyGrows(RunSeries series) {
    if (grows(series.norm(), 0, leastRise(series))) {
      return true;
    }
    for (int i = 0; i < series.layers(); i++) {
      if (grows(series.layerNorms(), i * Trend.CELLS, policy.layerRise())) {
        return true;
      }
    }
    return false;
  }

  private double leastRise(RunSeries series) {
    return lossRises(series) ? policy.risingLoss() : policy.rise();
  }

  private boolean grows(double[] cells, int at, double least) {
    if (!Trend.ready(cells, at)) {
      return false;
    }
    double rise = Trend.fast(cells, at) - Trend.low(cells, at);
    return rise >= least
        && rise >= policy.spreads() * Trend.spread(cells, at)
        && Trend.medium(cells, at) > Trend.slow(cells, at);
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    double[] norm = series.norm();
    double rate = Trend.growthSinceLow(norm, 0, reading.step());
    double doubling = rate > 0 ? StrictMath.log(2) / rate : Double.NaN;
    double overflow = rate > 0 ? (LN_OVERFLOW - Trend.fast(norm, 0)) / rate : Double.NaN;
    double baseline = StrictMath.exp(Trend.low(norm, 0));
    List<ImplicatedLayer> layers = implicated(series, surroundings);
    long onset = layers.isEmpty() ? Trend.lowStep(norm, 0) : layers.get(0).onsetStep();
    String first = layers.isEmpty() ? "" : "; first in " + layers.get(0).name();
    return new Condition(
        onset,
        List.of(
            new Evidence("grad_norm", reading.norm()),
            new Evidence("grad_norm_baseline", baseline),
            new Evidence("growth_rate_per_step", rate),
            new Evidence("doubling_steps", doubling),
            new Evidence("steps_to_overflow", overflow)),
        layers,
        new Remedies(surroundings).clip().lowerLearningRate().rollBack(onset).list(),
        Words.sentence(
            "The gradient norm grows: %s at step %d, it was %s, doubling every %s steps%s.",
            Words.number(reading.norm()),
            reading.step(),
            Words.number(baseline),
            Words.number(doubling),
            first));
  }

  private List<ImplicatedLayer> implicated(RunSeries series, Surroundings surroundings) {
    double[] cells = series.layerNorms();
    List<ImplicatedLayer> layers = new ArrayList<>();
    for (int i = 0; i < series.layers(); i++) {
      int at = i * Trend.CELLS;
      if (grows(cells, at, policy.rise())) {
        layers.add(
            new ImplicatedLayer(
                surroundings.layerName(i),
                i,
                Trend.lowStep(cells, at),
                Trend.growthSinceLow(cells, at, series.lastStep())));
      }
    }
    layers.sort(
        Comparator.comparingLong(ImplicatedLayer::onsetStep)
            .thenComparingInt(ImplicatedLayer::index));
    return layers.size() > Alarm.MAX_LAYERS
        ? List.copyOf(layers.subList(0, Alarm.MAX_LAYERS))
        : List.copyOf(layers);
  }
}
