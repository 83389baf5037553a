package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.SuggestedAction;
import io.gradwatch.core.alarm.Words;
import java.util.ArrayList;
import java.util.List;

/** Collects suggested actions, each with its number, most useful first. */
final class Remedies {
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
