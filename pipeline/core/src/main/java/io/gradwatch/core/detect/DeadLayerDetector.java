package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.DeadLayerPolicy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DEAD_LAYER: a layer that had a gradient has none any more while another layer has one. Statistic:
 * observations in a row in which the layer's gradient norm is exactly 0, or lies far below its own
 * usual (a running median that does not learn from such values), or the share of its components
 * that are exactly 0 is nearly 1. Source of the share: L. Lu et al., "Dying ReLU and
 * Initialization", 2019.
 *
 * <p>Assumes that a layer that never had a gradient is frozen on purpose: it is left alone, and so
 * is every layer until {@link Trend#LEARNING} observations saw it alive, which is all the warm-up
 * there is. Skipped updates, values that are not finite and observations in which no layer has a
 * gradient count for nothing. At a rewind all is forgotten, at a change of the norms' measure what
 * was usual; a change of batch size changes nothing, as it moves no norm so far.
 */
public final class DeadLayerDetector implements Detector {
  private static final int CELLS_PER_LAYER = 4;

  /** Observations in which the layer was alive. */
  private static final int LIVED = 0;

  /** Usual gradient norm of the living layer: follows its median by a stride at each value. */
  private static final int USUAL = 1;

  /** Observations in a row in which it was dead. */
  private static final int ROW = 2;

  /** Step of the first of them. */
  private static final int SINCE = 3;

  /** A layer is alive when this many times more components than in a dead one are not 0, */
  private static final double LIVELY = 100;

  /** or when its share of zeros is at most this part of a dead one's, where that asks for less. */
  private static final double CLEARLY_LESS = 0.9;

  /** Stride of the usual norm: it can halve in 35 observations and no outlier moves it more. */
  private static final double STRIDE = 0.02;

  private final DeadLayerPolicy policy;
  private final double collapse;

  /** Share of components that are not 0 from which on a layer is certainly alive. */
  private final double lively;

  public DeadLayerDetector(DeadLayerPolicy policy) {
    this.policy = policy;
    this.collapse = StrictMath.exp(-policy.fall());
    double dead = policy.zeroFraction();
    this.lively = Math.min(LIVELY * (1 - dead), 1 - CLEARLY_LESS * dead);
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.DEAD_LAYER;
  }

  @Override
  public int cells(int layers) {
    return layers * CELLS_PER_LAYER;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    if (NormMeasure.changedAt(series.measure(), reading.step())) {
      for (int at = 0; at < cells(series.layers()); at += CELLS_PER_LAYER) {
        memory[at + USUAL] = 0;
      }
    }
    boolean learns =
        !reading.skipped() && !reading.nonFinite() && anyIsAlive(reading, series, memory);
    return longestRow(learns, reading, series, memory) >= policy.persistence()
        ? Severity.WARNING
        : null;
  }

  private boolean anyIsAlive(Reading reading, RunSeries series, double[] memory) {
    float @Nullable [] norms = reading.observation().layers(LayerSeries.GRAD_NORM);
    float @Nullable [] zeros = reading.observation().layers(LayerSeries.ZERO_FRACTION);
    for (int i = 0; i < series.layers(); i++) {
      double norm = reading.withoutLossScale(value(norms, i));
      double zero = value(zeros, i);
      if (isReported(norm, zero) && !isDead(norm, zero, memory, i * CELLS_PER_LAYER)) {
        return true;
      }
    }
    return false;
  }

  /** Most observations in a row that any layer is dead for, with this one if it is learnt. */
  private double longestRow(boolean learns, Reading reading, RunSeries series, double[] memory) {
    float @Nullable [] norms = reading.observation().layers(LayerSeries.GRAD_NORM);
    float @Nullable [] zeros = reading.observation().layers(LayerSeries.ZERO_FRACTION);
    double longest = 0;
    for (int i = 0; i < series.layers(); i++) {
      double norm = reading.withoutLossScale(value(norms, i));
      double zero = value(zeros, i);
      int at = i * CELLS_PER_LAYER;
      if (learns && isReported(norm, zero)) {
        learnLayer(norm, zero, reading.step(), memory, at);
      }
      longest = Math.max(longest, memory[at + ROW]);
    }
    return longest;
  }

  private void learnLayer(double norm, double zero, long step, double[] memory, int at) {
    if (isDead(norm, zero, memory, at)) {
      if (memory[at + LIVED] >= Trend.LEARNING) {
        memory[at + SINCE] = memory[at + ROW] == 0 ? step : memory[at + SINCE];
        memory[at + ROW]++;
      }
      return;
    }
    memory[at + ROW] = 0;
    if (!(1 - zero < lively)) {
      memory[at + LIVED]++;
    }
    double usual = memory[at + USUAL];
    if (usual == 0) {
      memory[at + USUAL] = norm > 0 ? norm : 0;
    } else if (Math.abs(norm - usual) > 0) {
      memory[at + USUAL] = oneStride(usual, norm);
    }
  }

  /**
   * A stride towards the norm. Norms lie on either side of their median by turns, so a branch would
   * be guessed wrong half the time: both are computed, and the sign of the difference chooses.
   */
  private static double oneStride(double usual, double norm) {
    long up = Double.doubleToRawLongBits(usual * (1 + STRIDE));
    long down = Double.doubleToRawLongBits(usual / (1 + STRIDE));
    long isDown = Double.doubleToRawLongBits(norm - usual) >> (Long.SIZE - 1);
    return Double.longBitsToDouble((up & ~isDown) | (down & isDown));
  }

  private boolean isDead(double norm, double zero, double[] memory, int at) {
    boolean collapsed =
        memory[at + LIVED] >= Trend.LEARNING && norm < memory[at + USUAL] * collapse;
    return norm == 0 || zero >= policy.zeroFraction() || collapsed;
  }

  private static boolean isReported(double norm, double zero) {
    return !Double.isNaN(norm) || !Double.isNaN(zero);
  }

  private static double value(float @Nullable [] values, int layer) {
    return values == null || layer >= values.length ? Double.NaN : values[layer];
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    ImplicatedLayers dead = new ImplicatedLayers(surroundings);
    for (int i = 0; i < series.layers(); i++) {
      if (memory[i * CELLS_PER_LAYER + ROW] >= policy.persistence()) {
        dead.add(i, (long) memory[i * CELLS_PER_LAYER + SINCE]);
      }
    }
    long onset = dead.onset(reading.step());
    return new Condition(
        onset,
        List.of(
            new Evidence("layers_dead", dead.size()),
            new Evidence("layers", series.layers()),
            new Evidence("loss", reading.loss())),
        dead.byOnset(),
        new Remedies(surroundings)
            .rollBack(onset)
            .lowerLearningRate()
            .add(
                ActionKind.CHECK_ARCHITECTURE,
                "Look at the units of "
                    + dead.deepest()
                    + ", where the gradient ends: leaky activations, normalisation layers or"
                    + " residual connections keep it alive.")
            .add(
                ActionKind.CHECK_INITIALISATION,
                "Initialise its weights anew (He for ReLU), with biases of 0.")
            .list(),
        Words.sentence(
            "No gradient reaches %s of %d since step %d: it ends in %s.",
            dead.words(), series.layers(), onset, dead.deepest()));
  }
}
