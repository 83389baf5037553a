package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.VanishingGradientPolicy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.stats.LayerTrends;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * VANISHING_GRADIENT: hardly any gradient reaches the first layers, or there is none at all.
 * Statistics: the fall, in nats, from the largest medium level of ln(gradient norm) in the last
 * third of the layers to the largest in the first third (X. Glorot, Y. Bengio, "Understanding the
 * difficulty of training deep feedforward neural networks", 2010), which must be extreme, or large
 * while the loss has not improved since the start ({@link LossStart}); and a global norm of exactly
 * 0 in a run that had one. Each must hold for a row of observations.
 *
 * <p>Assumes layers in forward order, at least three. A layer that never had a gradient is taken
 * for frozen on purpose; a global norm that was always 0 for one that is not reported; a loss of
 * exactly 0 needs no gradient. Skipped updates and values that are not finite count for nothing.
 * Silent until the trends of the layers are ready, also after a declared change of batch size; the
 * rows are forgotten at a rewind.
 */
public final class VanishingGradientDetector implements Detector {
  /** Observations in a row in which the first layers lay that far below the last ones. */
  private static final int ROW = 0;

  /** Step of the first of them. */
  private static final int SINCE = 1;

  /** Observations in a row without any gradient. */
  private static final int ZERO_ROW = 2;

  /** Step of the first of them. */
  private static final int ZERO_SINCE = 3;

  private static final int THIRDS = 3;

  private final VanishingGradientPolicy policy;

  public VanishingGradientDetector(VanishingGradientPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.VANISHING_GRADIENT;
  }

  @Override
  public int cells(int layers) {
    return 4;
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    if (!reading.skipped() && !reading.nonFinite()) {
      if (reading.observation().layers(LayerSeries.GRAD_NORM) != null) {
        count(hasFallen(series), reading.step(), memory, ROW, SINCE);
      }
      boolean none = reading.norm() == 0 && Trend.ready(series.norm(), 0) && reading.loss() != 0;
      count(none, reading.step(), memory, ZERO_ROW, ZERO_SINCE);
    }
    return Math.max(memory[ROW], memory[ZERO_ROW]) >= policy.persistence()
        ? Severity.WARNING
        : null;
  }

  private static void count(boolean seen, long step, double[] memory, int row, int since) {
    if (!seen) {
      memory[row] = 0;
      return;
    }
    memory[since] = memory[row] == 0 ? step : memory[since];
    memory[row]++;
  }

  private boolean hasFallen(RunSeries series) {
    double fall = fall(series);
    return fall >= policy.fall()
        || (fall >= policy.idleFall()
            && LossStart.isIdle(series, policy.idleSteps(), policy.improvement()));
  }

  /** Nats from the last layers down to the first ones; NaN where that is not known. */
  private static double fall(RunSeries series) {
    int layers = series.layers();
    int third = layers / THIRDS;
    LayerTrends norms = series.layerNorms();
    return third == 0
        ? Double.NaN
        : norms.highestMedium(layers - third, layers) - norms.highestMedium(0, third);
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    return memory[ROW] >= policy.persistence()
        ? vanishing(reading, series, (long) memory[SINCE], surroundings)
        : none(reading, (long) memory[ZERO_SINCE], surroundings);
  }

  private Condition vanishing(
      Reading reading, RunSeries series, long onset, Surroundings surroundings) {
    int layers = series.layers();
    double last = series.layerNorms().highestMedium(layers - layers / THIRDS, layers);
    ImplicatedLayers starved = new ImplicatedLayers(surroundings);
    for (int i = 0; i < layers; i++) {
      if (series.layerNorms().medium(i) <= last - policy.idleFall()) {
        starved.add(i, onset);
      }
    }
    double share = StrictMath.exp(-fall(series));
    Remedies remedies = new Remedies(surroundings);
    remedies.add(
        ActionKind.CHECK_INITIALISATION,
        "Initialise the weights by Glorot (tanh, sigmoid) or He (ReLU).");
    remedies.add(
        ActionKind.CHECK_ARCHITECTURE,
        "Add normalisation layers or residual connections over the "
            + layers
            + " layers; ReLU instead of sigmoid, LSTM or GRU instead of plain recurrence.");
    return new Condition(
        onset,
        List.of(
            new Evidence("first_to_last_layers", share),
            new Evidence("fall_nats_per_layer", fall(series) / layers),
            new Evidence("loss", reading.loss()),
            new Evidence("grad_norm", reading.norm())),
        starved.byOnset(),
        remedies.list(),
        Words.sentence(
            "The gradient vanishes on its way back: the first layers get %s of what the last get;"
                + " %d of %d layers hardly learn.",
            Words.number(share), starved.size(), layers));
  }

  private static Condition none(Reading reading, long onset, Surroundings surroundings) {
    Remedies remedies = new Remedies(surroundings).rollBack(onset);
    remedies.add(
        ActionKind.CHECK_ARCHITECTURE,
        "Look for an output that is constant (dead or saturated units) or a loss that is masked or"
            + " detached.");
    return new Condition(
        onset,
        List.of(new Evidence("grad_norm", reading.norm()), new Evidence("loss", reading.loss())),
        List.of(),
        remedies.list(),
        Words.sentence(
            "There is no gradient at all since step %d, while the loss is %s.",
            onset, Words.number(reading.loss())));
  }
}
