package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.SuggestedAction;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.signal.Observation;
import java.util.ArrayList;
import java.util.List;

/** Collects suggested actions, each with its number, most useful first. */
final class Remedies {
  /** Factor from the usual update ratio within which layers learn well. */
  private static final double FAR = 10;

  private final List<SuggestedAction> actions = new ArrayList<>();
  private final Surroundings surroundings;

  Remedies(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  Remedies clip() {
    double threshold = surroundings.advisedThreshold();
    if (threshold > 0) {
      add(
          ActionKind.LOWER_CLIP_THRESHOLD,
          threshold,
          "Clip the global gradient norm at " + Words.number(threshold) + ".");
    }
    return this;
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

  Remedies rollBack(long onsetStep) {
    Alarm.Checkpoint checkpoint = surroundings.checkpoints().before(onsetStep);
    if (checkpoint == null) {
      return add(
          ActionKind.ROLL_BACK,
          (double) onsetStep,
          "Roll back to a checkpoint from before step "
              + onsetStep
              + " and skip the batches that follow it.");
    }
    return add(
        ActionKind.ROLL_BACK,
        (double) checkpoint.step(),
        "Roll back to the checkpoint of step "
            + checkpoint.step()
            + " ("
            + checkpoint.uri()
            + ") and skip the batches from there to step "
            + onsetStep
            + ".");
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
