package io.gradwatch.producer;

import java.util.Map;

/**
 * Events of one publisher since it was built.
 *
 * @param accepted taken into the queue
 * @param published acknowledged by Kafka
 * @param failed handed to Kafka and refused, or not acknowledged in time. Kafka's client may forget
 *     its topics with its last broker; the event that comes then waits for a broker, others queue
 * @param dropped never handed to Kafka, by cause; every cause has an entry
 * @param queued in the queue now
 */
public record PublisherStats(
    long accepted, long published, long failed, Map<DropCause, Long> dropped, int queued) {

  public PublisherStats {
    dropped = Map.copyOf(dropped);
  }

  /** Dropped for one cause. */
  public long dropped(DropCause cause) {
    return dropped.getOrDefault(cause, 0L);
  }

  /** Dropped for any cause. */
  public long droppedInAll() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }
}
