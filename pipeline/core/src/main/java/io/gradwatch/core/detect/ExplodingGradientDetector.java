package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Alarm.ImplicatedLayer;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.GrowthPolicy;
import io.gradwatch.core.stats.Trend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * EXPLODING_GRADIENT: sustained exponential growth of the global gradient norm or of a layer's.
 * Statistic: rise of the fast level of ln(norm) over the lowest its medium level has been, in nats
 * and in spreads, while the medium level is above the slow one (it is growing now). Norms of a run
 * that learns may grow: with every new low of the loss the low of the norms is lifted in proportion
 * ({@link RunSeries}). All must hold for a row of observations. Growth rate and doubling time are
 * the mean since that low was left. Silent until the trend is ready, also after a declared change
 * of batch size; the row is forgotten at a rewind.
 */
public final class ExplodingGradientDetector implements Detector {
  /** Largest single-precision number: where norms overflow. */
  private static final double LN_OVERFLOW = StrictMath.log(Float.MAX_VALUE);

  private static final int ROW = 0;

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
    return 1;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    memory[ROW] = anyGrows(series) ? memory[ROW] + 1 : 0;
    return memory[ROW] >= policy.persistence() ? Severity.CRITICAL : null;
  }

  private boolean anyGrows(RunSeries series) {
    if (grows(series.norm(), 0, policy.rise())) {
      return true;
    }
    for (int i = 0; i < series.layers(); i++) {
      if (grows(series.layerNorms(), i * Trend.CELLS, policy.layerRise())) {
        return true;
      }
    }
    return false;
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
