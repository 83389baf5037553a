package io.gradwatch.agent.tail;

import io.gradwatch.agent.Counted;
import java.io.IOException;

/** Kafka refused events for good; their place in the logs is kept. */
public final class EventsLostException extends IOException {
  private static final long serialVersionUID = 1L;

  EventsLostException(long events) {
    super(
        "Kafka did not take "
            + Counted.of(events, "event")
            + " for good (the log of the publisher says why); what it did not take is sent again with the"
            + " next start");
  }
}
