package io.gradwatch.agent.tail;

import io.gradwatch.records.TrainingEvent;
import java.time.Duration;

/** Where events go, and whether they arrived. */
public interface EventSink {

  /** Takes an event; may wait for room. */
  void publish(TrainingEvent event);

  /** True when nothing that was taken is on its way any more. */
  boolean isSettled();

  /** Events that were taken and will not arrive. */
  long lost();

  /** Waits at most so long for what is on its way, and takes no more. */
  void close(Duration patience);
}
