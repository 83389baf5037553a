package io.gradwatch.agent.gateway;

import io.gradwatch.producer.DropCause;
import io.gradwatch.producer.PublisherStats;
import io.gradwatch.records.TrainingEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An outlet that keeps what it is given, up to a bound. */
final class KeptEvents implements Outlet {
  private final int capacity;
  private final List<TrainingEvent> events = new ArrayList<>();
  private boolean closed;

  KeptEvents(int capacity) {
    this.capacity = capacity;
  }

  @Override
  public synchronized boolean publishAll(List<TrainingEvent> more) {
    if (closed || events.size() + more.size() > capacity) {
      return false;
    }
    events.addAll(more);
    return true;
  }

  @Override
  public synchronized PublisherStats stats() {
    return waiting(events.size());
  }

  @Override
  public synchronized void close(Duration timeout) {
    closed = true;
  }

  synchronized List<TrainingEvent> events() {
    return List.copyOf(events);
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** What a publisher says that took so many events, none of which is out. */
  static PublisherStats waiting(int events) {
    return new PublisherStats(events, 0, 0, Map.of(DropCause.QUEUE_FULL, 0L), events);
  }
}
