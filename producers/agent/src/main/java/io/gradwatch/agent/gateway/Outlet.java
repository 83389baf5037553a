package io.gradwatch.agent.gateway;

import io.gradwatch.producer.EventPublisher;
import io.gradwatch.producer.PublisherStats;
import io.gradwatch.records.TrainingEvent;
import java.time.Duration;
import java.util.List;

/** Where the events of a project go to. */
public interface Outlet {
  /** Takes all of these events or none, without waiting; false when it takes none. */
  boolean publishAll(List<TrainingEvent> events);

  /** What became of the events so far. */
  PublisherStats stats();

  /** Sends what it took, for at most so long, and takes no more. */
  void close(Duration timeout);

  /** The project's publisher. */
  static Outlet of(EventPublisher publisher) {
    return new Outlet() {
      @Override
      public boolean publishAll(List<TrainingEvent> events) {
        return publisher.publishAll(events);
      }

      @Override
      public PublisherStats stats() {
        return publisher.stats();
      }

      @Override
      public void close(Duration timeout) {
        publisher.close(timeout);
      }
    };
  }
}
