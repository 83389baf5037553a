package io.gradwatch.console.feed;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** What a consumer has polled, taken record by record. */
public final class PolledRecords {
  private PolledRecords() {}

  /**
   * Hands records over. Where one cannot be taken because a schema registry is away, it and those
   * behind it come again with a later poll: nothing was said about them.
   *
   * @throws UncheckedIOException when the registry cannot be asked
   */
  public static void each(
      Consumer<byte[], byte[]> consumer,
      ConsumerRecords<byte[], byte[]> polled,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> taker) {
    List<TopicPartition> left = new ArrayList<>(polled.partitions());
    for (TopicPartition partition : polled.partitions()) {
      for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
        try {
          taker.accept(record);
        } catch (UncheckedIOException e) {
          left.forEach(other -> consumer.seek(other, polled.records(other).get(0).offset()));
          consumer.seek(partition, record.offset());
          throw e;
        }
      }
      left.remove(partition);
    }
  }
}
