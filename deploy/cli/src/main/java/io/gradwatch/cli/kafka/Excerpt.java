package io.gradwatch.cli.kafka;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a few records of large topics, by a consumer of no group, in bounded time. */
public final class Excerpt {
  private static final Duration POLL = Duration.ofMillis(500);

  private final Map<String, Object> settings;
  private final Duration patience;

  /**
   * @param settings how to reach Kafka
   * @param patience longest time for one excerpt, beyond Kafka's own time-outs
   */
  public Excerpt(Map<String, Object> settings, Duration patience) {
    this.settings = new HashMap<>(settings);
    this.settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    this.settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    this.settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    this.settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    this.settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.patience = patience;
  }

  /**
   * Hands out the newest records of a topic, each partition in its order, and as many of each as
   * there are, up to an equal share.
   *
   * @param count most records
   * @return false when the time was over before
   */
  public boolean newest(String topic, int count, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
      consumer.assign(partitions);
      starts(begins, ends, count).forEach(consumer::seek);
      long deadline = System.nanoTime() + patience.toNanos();
      while (!hasReached(consumer, ends)) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          if (record.offset() < ends.getOrDefault(partition, 0L)) {
            sink.accept(record);
          }
        }
      }
      return true;
    }
  }

  /** Shares the count out: what one partition does not have is left to those that have more. */
  static Map<TopicPartition, Long> starts(
      Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends, int count) {
    List<TopicPartition> fullestLast =
        ends.keySet().stream()
            .sorted(
                Comparator.comparingLong(
                    partition -> valueOf(ends, partition) - valueOf(begins, partition)))
            .toList();
    Map<TopicPartition, Long> starts = new HashMap<>();
    long left = count;
    int partitions = fullestLast.size();
    for (TopicPartition partition : fullestLast) {
      long there = valueOf(ends, partition) - valueOf(begins, partition);
      long share = Math.min(there, left / partitions--);
      starts.put(partition, valueOf(ends, partition) - share);
      left -= share;
    }
    return starts;
  }

  private static long valueOf(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  /**
   * The first record at or after each place. A partition whose record did not come in time is left
   * out.
   */
  public Map<TopicPartition, ConsumerRecord<byte[], byte[]>> at(Map<TopicPartition, Long> places) {
    Map<TopicPartition, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
    if (places.isEmpty()) {
      return found;
    }
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      consumer.assign(places.keySet());
      places.forEach(consumer::seek);
      long deadline = System.nanoTime() + patience.toNanos();
      while (found.size() < places.size() && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          if (found.putIfAbsent(partition, record) == null) {
            consumer.pause(Set.of(partition));
          }
        }
      }
    }
    return found;
  }

  private static boolean hasReached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
