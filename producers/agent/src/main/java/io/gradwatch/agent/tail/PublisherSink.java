package io.gradwatch.agent.tail;

import io.gradwatch.producer.DropCause;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.producer.PublisherStats;
import io.gradwatch.records.TrainingEvent;
import java.time.Duration;

/**
 * Publishes to Kafka, through a publisher that nobody else uses and that waits for room ({@link
 * io.gradwatch.producer.Overflow#WAIT}).
 */
public final class PublisherSink implements EventSink {
  private final EventPublisher publisher;
  private long taken;

  public PublisherSink(EventPublisher publisher) {
    this.publisher = publisher;
  }

  @Override
  public void publish(TrainingEvent event) {
    taken++;
    publisher.publish(event);
  }

  /** An event that breaks the wire contract is settled: it would do so again. */
  @Override
  public boolean isSettled() {
    PublisherStats stats = publisher.stats();
    return stats.published() + stats.dropped(DropCause.INVALID) >= taken;
  }

  @Override
  public long lost() {
    return publisher.stats().failed();
  }

  @Override
  public void close(Duration patience) {
    publisher.close(patience);
  }
}
