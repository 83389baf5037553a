package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.FrozenUpdatesPolicy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FROZEN_UPDATES: the update-to-weight ratio of a layer, norm of the step's change over norm of the
 * weights, is far outside its band. Below it, the layer has a gradient but stands still; above it,
 * each step rewrites the layer. Statistic: observations in a row outside the same side of the band.
 * The ratio is the one of SageMaker Debugger's WeightUpdateRatio and of Y. Bengio, "Practical
 * recommendations for gradient-based training of deep architectures", 2012, section 3.
 *
 * <p>Assumes that a layer that never moved is frozen on purpose: it is told only when {@link
 * Trend#LEARNING} observations saw it move, which is all the warm-up there is. A layer without
 * gradient is left to DEAD_LAYER. Skipped updates count for nothing, nor do layers whose norms are
 * not reported or whose weights are 0. At a rewind all is forgotten; a change of batch size or
 * learning rate changes nothing by itself.
 */
public final class FrozenUpdatesDetector implements Detector {
  private static final int CELLS_PER_LAYER = 3;

  /** Observations in which the layer moved well above the lower end of the band. */
  private static final int MOVED = 0;

  /** Observations in a row below the band; above it, negative. */
  private static final int ROW = 1;

  /** Step of the first of them. */
  private static final int SINCE = 2;

  /** A layer has moved when it did by this many times the lower end of the band. */
  private static final double MOVING = 100;

  private final FrozenUpdatesPolicy policy;

  public FrozenUpdatesDetector(FrozenUpdatesPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.FROZEN_UPDATES;
  }

  @Override
  public int cells(int layers) {
    return layers * CELLS_PER_LAYER;
  }

  @Override
  public boolean reads(Observation observation) {
    return observation.layers(LayerSeries.WEIGHT_NORM) != null
        && observation.layers(LayerSeries.UPDATE_NORM) != null;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    if (reads(reading.observation()) && !reading.skipped()) {
      learn(reading, series.layers(), memory);
    }
    for (int at = 0; at < cells(series.layers()); at += CELLS_PER_LAYER) {
      if (Math.abs(memory[at + ROW]) >= policy.persistence()) {
        return Severity.WARNING;
      }
    }
    return null;
  }

  private void learn(Reading reading, int layers, double[] memory) {
    float @Nullable [] norms = reading.observation().layers(LayerSeries.GRAD_NORM);
    for (int i = 0; i < layers; i++) {
      double ratio = UpdateRatio.of(reading.observation(), i);
      if (Double.isFinite(ratio)) {
        boolean still = norms != null && i < norms.length && norms[i] == 0;
        learnLayer(ratio, still, reading.step(), memory, i * CELLS_PER_LAYER);
      }
    }
  }

  private void learnLayer(double ratio, boolean still, long step, double[] memory, int at) {
    boolean frozen = ratio < policy.least() && !still && memory[at + MOVED] >= Trend.LEARNING;
    double side = frozen ? 1 : ratio > policy.most() ? -1 : 0;
    if (side == 0 || side * memory[at + ROW] <= 0) {
      memory[at + SINCE] = step;
      memory[at + ROW] = side;
    } else {
      memory[at + ROW] += side;
    }
    if (ratio >= MOVING * policy.least()) {
      memory[at + MOVED]++;
    }
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    ImplicatedLayers frozen = new ImplicatedLayers(surroundings);
    ImplicatedLayers rewritten = new ImplicatedLayers(surroundings);
    double worst = 0;
    for (int i = 0; i < series.layers(); i++) {
      int at = i * CELLS_PER_LAYER;
      if (memory[at + ROW] >= policy.persistence()) {
        frozen.add(i, (long) memory[at + SINCE]);
      } else if (-memory[at + ROW] >= policy.persistence()) {
        rewritten.add(i, (long) memory[at + SINCE]);
        worst = Math.max(worst, UpdateRatio.of(reading.observation(), i));
      }
    }
    return rewritten.size() > 0
        ? rewritten(rewritten, worst, reading, series, surroundings)
        : frozen(frozen, reading, series, surroundings);
  }

  private Condition frozen(
      ImplicatedLayers layers, Reading reading, RunSeries series, Surroundings surroundings) {
    long onset = layers.onset(reading.step());
    double rate = reading.observation().get(Scalar.LEARNING_RATE);
    Remedies remedies = new Remedies(surroundings);
    remedies.add(
        ActionKind.OTHER,
        rate,
        rate >= 0
            ? "Check the schedule: the learning rate is " + Words.number(rate) + " now."
            : "Check the schedule: has the learning rate gone to 0?");
    remedies.add(
        ActionKind.OTHER,
        "Check that the optimizer still holds these weights, and that a step is not lost in the"
            + " rounding of 16-bit weights.");
    remedies.rollBack(onset);
    return new Condition(
        onset,
        List.of(
            new Evidence("layers_frozen", layers.size()),
            new Evidence("layers", series.layers()),
            new Evidence("update_ratio", UpdateRatio.median(reading.observation())),
            new Evidence("grad_norm", reading.norm())),
        layers.byOnset(),
        remedies.list(),
        Words.sentence(
            "The weights of %s of %d do not move since step %d although there is a gradient.",
            layers.words(), series.layers(), onset));
  }

  private Condition rewritten(
      ImplicatedLayers layers,
      double worst,
      Reading reading,
      RunSeries series,
      Surroundings surroundings) {
    long onset = layers.onset(reading.step());
    return new Condition(
        onset,
        List.of(
            new Evidence("layers_rewritten", layers.size()),
            new Evidence("layers", series.layers()),
            new Evidence("update_ratio", worst)),
        layers.byOnset(),
        new Remedies(surroundings).lowerLearningRate().clip().rollBack(onset).list(),
        Words.sentence(
            "Each step changes %s of %d by %s times its weights since step %d, a thousandth is usual.",
            layers.words(), series.layers(), Words.number(worst), onset));
  }
}
