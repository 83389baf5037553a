package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.Alarm.ImplicatedLayer;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.WeightGrowthPolicy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.stats.ExcessGrowth;
import io.gradwatch.core.stats.NaturalLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * WEIGHT_GROWTH: weights that grow exponentially, jump, are rewritten or go to zero. Statistic: the
 * excess of ln(weight norm), of all weights and of each layer, over a power law of the age ({@link
 * ExcessGrowth}): training moves weights by a power of its age, a wrong sign of weight decay, a far
 * too high learning rate or corrupted memory do not. A layer below a hundredth of all weights
 * counts as one of that size and its age begins when it outgrows that, so that biases that pass
 * through zero and layers that are unfrozen late are no growth. Updates that rewrite most layers
 * within a few steps page too ({@link WeightRewrite}). Weights that go to zero warn. Needs no
 * warm-up: at a young age the power law allows much by itself. The age counts from the first
 * weights seen, and anew after a rewind; batch size, learning rate and skipped updates do not
 * matter. NaN in weights is NON_FINITE.
 */
public final class WeightGrowthDetector implements Detector {
  /**
   * Share of the norm of all weights, without its excess, that the norm of every layer is taken for
   * at least.
   */
  private static final double LEAST_SHARE = 0.01;

  /** Largest single-precision number: where weights overflow. */
  private static final double LN_OVERFLOW = StrictMath.log(Float.MAX_VALUE);

  private static final int SEEN = 0;
  private static final int FIRST_STEP = 1;
  private static final int LAST_STEP = 2;
  private static final int ROW = 3;
  private static final int FALL = 4;
  private static final int JUMP = FALL + WeightFall.CELLS;
  private static final int REWRITE = JUMP + WeightJump.CELLS;
  private static final int GLOBAL = REWRITE + WeightRewrite.CELLS;
  private static final int LAYERS = GLOBAL + ExcessGrowth.CELLS;

  /** Of a layer: its newest norm above 0. */
  private static final int LAST_NORM = ExcessGrowth.CELLS;

  /** Of a layer: the newest step at which it was too small to count. */
  private static final int SMALL_STEP = LAST_NORM + 1;

  /** Of a layer: its newest update norm; some report weights before the update, some after it. */
  private static final int LAST_UPDATE = SMALL_STEP + 1;

  private static final int LAYER_CELLS = LAST_UPDATE + 1;

  private final WeightGrowthPolicy policy;

  public WeightGrowthDetector(WeightGrowthPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.WEIGHT_GROWTH;
  }

  @Override
  public int cells(int layers) {
    return LAYERS + layers * LAYER_CELLS;
  }

  @Override
  public boolean reads(Observation observation) {
    return observation.layers(LayerSeries.WEIGHT_NORM) != null;
  }

  private static int layerAt(int layer) {
    return LAYERS + layer * LAYER_CELLS;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    float[] weights = reading.observation().layers(LayerSeries.WEIGHT_NORM);
    double global = weights == null ? 0 : lengthOf(weights);
    if (weights == null || !(global > 0)) {
      return severity(memory);
    }
    long step = reading.step();
    if (memory[SEEN] == 0) {
      memory[SEEN] = 1;
      memory[FIRST_STEP] = step;
      memory[LAST_STEP] = step;
    }
    WeightRewrite.count(memory, REWRITE, reading, policy.rewrite());
    double ages = lnOfAges(memory[FIRST_STEP], memory, step);
    ExcessGrowth.update(
        memory, GLOBAL, step, StrictMath.log(global), policy.order() * ages, policy.rise());
    boolean grows = ExcessGrowth.excess(memory, GLOBAL) >= policy.rise();
    double least = LEAST_SHARE * StrictMath.exp(ExcessGrowth.level(memory, GLOBAL));
    boolean fell = false;
    for (int i = 0; i < weights.length; i++) {
      if (Float.isFinite(weights[i])) {
        learn(i, weights[i], least, ages, reading, memory);
        grows |= ExcessGrowth.excess(memory, layerAt(i)) >= policy.layerRise();
        fell |= isAtZero(i, weights[i], step, memory);
      }
    }
    memory[ROW] = grows ? memory[ROW] + 1 : 0;
    WeightFall.count(memory, FALL, fell);
    memory[LAST_STEP] = step;
    return severity(memory);
  }

  private @Nullable Severity severity(double[] memory) {
    if (memory[ROW] >= policy.persistence() || rewrites(memory)) {
      return Severity.CRITICAL;
    }
    return WeightFall.row(memory, FALL) >= policy.persistence() ? Severity.WARNING : null;
  }

  private boolean rewrites(double[] memory) {
    return WeightRewrite.row(memory, REWRITE) >= policy.rewritePersistence();
  }

  /** Norm of all weights that are finite. */
  private static double lengthOf(float[] norms) {
    double sum = 0;
    for (float norm : norms) {
      if (Float.isFinite(norm)) {
        sum += (double) norm * norm;
      }
    }
    return Math.sqrt(sum);
  }

  /** ln of the age at this step over the age at the observation before. */
  private static double lnOfAges(double born, double[] memory, long step) {
    return StrictMath.log1p((step - memory[LAST_STEP]) / (memory[LAST_STEP] - born + 1));
  }

  private void learn(
      int layer, float norm, double least, double ages, Reading reading, double[] memory) {
    int at = layerAt(layer);
    long step = reading.step();
    double born = Math.max(memory[at + SMALL_STEP], memory[FIRST_STEP]);
    double allowed =
        policy.layerOrder() * (born > memory[FIRST_STEP] ? lnOfAges(born, memory, step) : ages);
    double before = ExcessGrowth.excess(memory, at);
    double value = NaturalLog.of(Math.max(norm, least));
    ExcessGrowth.update(memory, at, step, value, allowed, policy.layerRise());
    if (ExcessGrowth.excess(memory, at) - before >= policy.layerRise()) {
      double update = update(layer, reading);
      double told = step - memory[LAST_STEP] == 1 ? update : Double.NaN;
      if (memory[at + LAST_UPDATE] > told) {
        told = memory[at + LAST_UPDATE];
      }
      WeightJump.note(memory, JUMP, layer, step, memory[at + LAST_NORM], norm, told);
    }
    memory[at + LAST_UPDATE] = update(layer, reading);
    if (norm <= least) {
      memory[at + SMALL_STEP] = step;
    }
  }

  /** The update norm of a layer; NaN when it was not reported. */
  private static double update(int layer, Reading reading) {
    float[] updates = reading.observation().layers(LayerSeries.UPDATE_NORM);
    return updates == null || layer >= updates.length ? Double.NaN : updates[layer];
  }

  private boolean isAtZero(int layer, float norm, long step, double[] memory) {
    int at = layerAt(layer);
    boolean fell =
        norm == 0 ? memory[at + LAST_NORM] > 0 : ExcessGrowth.excess(memory, at) <= -policy.fall();
    if (fell) {
      WeightFall.note(memory, FALL, layer, step, memory[at + LAST_NORM]);
    }
    if (norm > 0) {
      memory[at + LAST_NORM] = norm;
    }
    return fell;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    if (memory[ROW] == 0 && rewrites(memory)) {
      return WeightRewrite.describe(memory, REWRITE, surroundings);
    }
    if (memory[ROW] == 0 && WeightFall.row(memory, FALL) > 0) {
      return WeightFall.describe(memory, FALL, surroundings);
    }
    long onset = ExcessGrowth.onsetStep(memory, GLOBAL);
    List<ImplicatedLayer> layers = implicated(series, surroundings, memory);
    if (!layers.isEmpty()) {
      onset = layers.get(0).onsetStep();
    }
    // The jump of an earlier episode is not the news of this one.
    return WeightJump.after(memory, JUMP, onset)
        ? WeightJump.describe(memory, JUMP, onset, layers, surroundings)
        : growth(reading, memory, onset, layers, surroundings);
  }

  private Condition growth(
      Reading reading,
      double[] memory,
      long onset,
      List<ImplicatedLayer> layers,
      Surroundings surroundings) {
    int at = layers.isEmpty() ? GLOBAL : layerAt(layers.get(0).index());
    double rate = ExcessGrowth.ratePerStep(memory, at, reading.step());
    double doubling = rate > 0 ? StrictMath.log(2) / rate : Double.NaN;
    double overflow = rate > 0 ? (LN_OVERFLOW - ExcessGrowth.value(memory, at)) / rate : Double.NaN;
    double norm = StrictMath.exp(ExcessGrowth.value(memory, at));
    double baseline = StrictMath.exp(ExcessGrowth.onsetValue(memory, at));
    String what = layers.isEmpty() ? "all layers together" : layers.get(0).name();
    return new Condition(
        onset,
        List.of(
            new Evidence("weight_norm", norm),
            new Evidence("weight_norm_baseline", baseline),
            new Evidence("weight_growth_rate_per_step", rate),
            new Evidence("weight_doubling_steps", doubling),
            new Evidence("weight_steps_to_overflow", overflow)),
        layers,
        new Remedies(surroundings)
            .lowerLearningRate()
            .rollBack(onset)
            .add(
                ActionKind.REGULARISE,
                "Check sign and size of the weight decay; add L2 regularisation if there is none.")
            .list(),
        Words.sentence(
            "The weights of %s grow faster than training moves them: norm %s at step %d, it was %s"
                + " at step %d%s.",
            what,
            Words.number(norm),
            reading.step(),
            Words.number(baseline),
            onset,
            rate > 0 ? ", doubling every " + Words.number(doubling) + " steps" : ""));
  }

  /** Layers that grew too much themselves; none when only all together did. */
  private List<ImplicatedLayer> implicated(
      RunSeries series, Surroundings surroundings, double[] memory) {
    ImplicatedLayers layers = new ImplicatedLayers(surroundings);
    for (int i = 0; i < series.layers(); i++) {
      int at = layerAt(i);
      if (ExcessGrowth.excess(memory, at) >= policy.layerRise()) {
        layers.add(
            i,
            ExcessGrowth.onsetStep(memory, at),
            ExcessGrowth.ratePerStep(memory, at, series.lastStep()));
      }
    }
    return layers.byOnset();
  }
}
