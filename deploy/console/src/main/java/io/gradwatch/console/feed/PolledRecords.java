package io.gradwatch.console.feed;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** What a consumer has polled, taken record by record. Not safe for use by several threads. */
public final class PolledRecords {
  private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> held = new HashMap<>();

  /** Of a consumer, which stays the caller's. */
  public PolledRecords(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Hands records over. Where one cannot be taken because a schema registry is away, it and those
   * behind it come again with a later poll: nothing was said about them.
   *
   * @throws UncheckedIOException when the registry cannot be asked
   */
  public void each(
      ConsumerRecords<byte[], byte[]> polled, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
    List<TopicPartition> left = new ArrayList<>(polled.partitions());
    for (TopicPartition partition : polled.partitions()) {
      for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
        try {
          taker.accept(record);
        } catch (UncheckedIOException e) {
          left.forEach(other -> consumer.seek(other, polled.records(other).get(0).offset()));
          consumer.seek(partition, record.offset());
          held.put(partition, record.offset());
          throw e;
        }
      }
      left.remove(partition);
      held.remove(partition);
    }
  }

  /**
   * Whether a partition's next record waits for a registry. A poll without records of it says
   * nothing, as it may be slower than others; that its position has passed the record, as when
   * Kafka let go of it, does.
   */
  public boolean isHolding() {
    held.keySet().retainAll(consumer.assignment());
    held.entrySet().removeIf(next -> consumer.position(next.getKey()) > next.getValue());
    return !held.isEmpty();
  }
}
