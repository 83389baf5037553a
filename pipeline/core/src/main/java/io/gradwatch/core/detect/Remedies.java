package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.ImplicatedLayer;
import io.gradwatch.core.alarm.Alarm.SuggestedAction;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.signal.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Collects suggested actions, each with its number, most useful first. */
final class Remedies {
  /** Factor from the usual update ratio within which layers learn well. */
  private static final double FAR = 10;

  /** Clip threshold to begin with where no norm was reported, as in the examples of Keras. */
  private static final double COLD_NORM = 1.0;

  /** The same for clipping by value. */
  private static final double COLD_VALUE = 0.5;

  /** Steps within which a run that is lost was lost by how it began. */
  private static final long FIRST_STEPS = 100;

  private static final List<String> RECURRENT = List.of("rnn", "lstm", "gru");

  private final List<SuggestedAction> actions = new ArrayList<>();
  private final Surroundings surroundings;

  Remedies(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Clips the global norm at the advised threshold, or, where no norm is known, at a usual one. A
   * threshold above the one that is told is no lower one, and named so.
   */
  Remedies clip() {
    double threshold = surroundings.advisedThreshold();
    double told = surroundings.toldThreshold();
    if (told > 0 && threshold > told) {
      return add(
          ActionKind.OTHER,
          threshold,
          "Raise the clip threshold to "
              + Words.number(threshold)
              + ": at "
              + Words.number(told)
              + " it cuts what is usual.");
    }
    if (threshold > 0) {
      return add(
          ActionKind.LOWER_CLIP_THRESHOLD,
          threshold,
          "Clip the global gradient norm at " + Words.number(threshold) + ".");
    }
    add(
        ActionKind.LOWER_CLIP_THRESHOLD,
        COLD_NORM,
        "Clip the global gradient norm at 1.0 to begin with; no norm was reported to tell better.");
    return add(
        ActionKind.CLIP_BY_VALUE, COLD_VALUE, "Or clip each component of the gradient at 0.5.");
  }

  /** Clips components of the gradient at a power of two. */
  Remedies clipByValue(double bound) {
    return add(
        ActionKind.CLIP_BY_VALUE,
        bound,
        "Clip each component of the gradient at "
            + Words.number(bound)
            + " (2^"
            + Math.getExponent(bound)
            + "), where the tail usually ends.");
  }

  /**
   * Clips layers by themselves, where no more than half of them grow.
   *
   * @param layers those that grow, the first to start first, at most as many as an alarm names
   */
  Remedies clipLayers(List<ImplicatedLayer> layers, RunSeries series) {
    int count = layers.size();
    if (count == 0 || count == Alarm.MAX_LAYERS || 2 * count > series.layers()) {
      return this;
    }
    int first = layers.get(0).index();
    double norm = StrictMath.exp(series.layerNorms().low(first));
    return add(
        ActionKind.CLIP_LAYERS,
        norm,
        "Clip these layers by themselves, "
            + layers.get(0).name()
            + " at "
            + Words.number(norm)
            + ": the others do not grow.");
  }

  /**
   * Shortens what gradients travel through in time, where the layers that grow, or if none is known
   * any of the network, have the name of a recurrent one.
   */
  Remedies truncate(List<ImplicatedLayer> layers) {
    Stream<String> names =
        layers.isEmpty()
            ? surroundings.layerNames().stream()
            : layers.stream().map(ImplicatedLayer::name);
    names
        .filter(Remedies::isRecurrent)
        .findFirst()
        .ifPresent(
            name ->
                add(
                    ActionKind.TRUNCATE_BACKPROPAGATION,
                    "Truncate backpropagation through time to shorter sequences; LSTM or GRU if "
                        + name
                        + " is a plain recurrence."));
    return this;
  }

  private static boolean isRecurrent(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return RECURRENT.stream().anyMatch(lower::contains);
  }

  Remedies lowerLearningRate() {
    double factor = surroundings.learningRateFactor();
    return add(
        ActionKind.LOWER_LEARNING_RATE,
        factor,
        "Multiply the learning rate by " + Words.number(factor) + ".");
  }

  /**
   * Brings the learning rate to where a step changes the weights by a thousandth, where update
   * norms tell that it is far from there; else says to try both directions.
   */
  Remedies correctStepSize(Observation observation) {
    double ratio = UpdateRatio.median(observation);
    double factor = UpdateRatio.USUAL / ratio;
    if (!(ratio > 0 && (factor > FAR || factor < 1 / FAR))) {
      return add(
          ActionKind.OTHER, "Try the learning rate three times lower and three times higher.");
    }
    return add(
        factor < 1 ? ActionKind.LOWER_LEARNING_RATE : ActionKind.OTHER,
        factor,
        "Multiply the learning rate by "
            + Words.number(factor)
            + ": a step changes the weights by "
            + Words.number(ratio)
            + ", a thousandth is usual.");
  }

  /**
   * Halves the batch, where its size was reported and can be halved.
   *
   * @param why what that is good for, as the end of a sentence
   */
  Remedies halveBatch(double samples, String why) {
    double half = Math.floor(samples / 2);
    return half < 1
        ? this
        : add(
            ActionKind.LOWER_BATCH_SIZE,
            half,
            "Or take batches of " + Words.number(half) + " samples: " + why + ".");
  }

  /** Goes back to before the onset. */
  Remedies rollBack(long onsetStep) {
    Alarm.Checkpoint checkpoint = surroundings.checkpoints().before(onsetStep);
    if (checkpoint == null && onsetStep < FIRST_STEPS) {
      return retry(onsetStep);
    }
    if (checkpoint == null) {
      return add(
          ActionKind.ROLL_BACK,
          (double) onsetStep,
          "Roll back to a checkpoint from before step " + onsetStep + ".");
    }
    return add(
        ActionKind.ROLL_BACK,
        (double) checkpoint.step(),
        "Roll back to the checkpoint of step "
            + checkpoint.step()
            + " ("
            + checkpoint.uri()
            + ").");
  }

  /**
   * Goes back to before the onset and around the batches that may have been the cause (A. Chowdhery
   * et al., "PaLM", 2022, section 5.1); where there is nothing to go back to, begins otherwise.
   */
  Remedies retry(long onsetStep) {
    if (onsetStep < FIRST_STEPS && surroundings.checkpoints().before(onsetStep) == null) {
      return add(
              ActionKind.CHECK_INITIALISATION,
              "Start again with other weights: Glorot for tanh and sigmoid, He for ReLU.")
          .add(ActionKind.OTHER, "Let the learning rate warm up over the first hundreds of steps.");
    }
    return rollBack(onsetStep)
        .add(
            ActionKind.SKIP_BATCHES,
            (double) onsetStep,
            "Skip the batches from there to step " + onsetStep + ".");
  }

  Remedies add(ActionKind action, double value, String text) {
    actions.add(new SuggestedAction(action, value, text));
    return this;
  }

  Remedies add(ActionKind action, String text) {
    return add(action, Double.NaN, text);
  }

  List<SuggestedAction> list() {
    return List.copyOf(actions);
  }
}
