package io.gradwatch.agent.tail;

import java.io.IOException;

/** Kafka refused events for good; their place in the logs is kept. */
public final class EventsLostException extends IOException {
  private static final long serialVersionUID = 1L;

  EventsLostException(long events) {
    super(
        "Kafka did not take "
            + events
            + " events for good (the log of the publisher says why); they are sent again with the"
            + " next start");
  }
}
