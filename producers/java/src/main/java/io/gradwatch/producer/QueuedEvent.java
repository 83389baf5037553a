package io.gradwatch.producer;

import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits for the sender, who puts its layers into the form that is encoded. Equal to
 * itself alone.
 */
final class QueuedEvent {
  private final TrainingEvent event;
  private final @Nullable LayerArrays layers;

  /**
   * @param layers of the step that is its body; null: the event is complete
   */
  QueuedEvent(TrainingEvent event, @Nullable LayerArrays layers) {
    this.event = event;
    this.layers = layers;
  }

  /** The whole of it; for one thread. */
  TrainingEvent complete() {
    if (layers != null && event.getBody() instanceof StepCompleted step) {
      // A copy: the trainer may have given one report to two publishers, whose senders are two.
      StepCompleted whole = Snapshot.of(step, new StepCompleted());
      layers.into(whole);
      event.setBody(whole);
    }
    return event;
  }

  long step() {
    return event.getStep();
  }
}
