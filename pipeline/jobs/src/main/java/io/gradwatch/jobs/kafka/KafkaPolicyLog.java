package io.gradwatch.jobs.kafka;

import io.gradwatch.jobs.functions.PolicyLog;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The policy topic on Kafka, read to where it ended when the reading began, by a consumer of no
 * group.
 */
final class KafkaPolicyLog implements PolicyLog {
  private static final long serialVersionUID = 1L;
  private static final Duration POLL = Duration.ofMillis(500);

  private final Properties kafka;
  private final String topic;
  private final Duration timeout;

  /**
   * A log.
   *
   * @param kafka settings of Kafka's clients
   * @param timeout how long the reading may take
   */
  KafkaPolicyLog(Properties kafka, String topic, Duration timeout) {
    this.kafka = kafka;
    this.topic = topic;
    this.timeout = timeout;
  }

  @Override
  public void read(Reader reader) throws Exception {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (var consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer);
      if (partitions.isEmpty()) {
        return;
      }
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, timeout);
      reader.begin(Collections.max(ends.values()));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!hasReached(consumer, ends)) {
        if (System.nanoTime() > deadline) {
          throw new IOException(notRead() + "; it ends at " + ends, null);
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          reader.take(RawRecordReader.consumed(record), record.timestamp());
        }
      }
    } catch (TimeoutException e) {
      throw new IOException(notRead(), e);
    }
  }

  private String notRead() {
    return "policy topic %s was not read to its end within %s; is a broker away? See gradwatch.policy-timeout"
        .formatted(topic, timeout);
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
    @Nullable List<PartitionInfo> found = consumer.partitionsFor(topic, timeout);
    return found == null
        ? List.of()
        : found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private boolean hasReached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey(), timeout) >= end.getValue());
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Properties settings = new Properties();
    settings.putAll(kafka);
    settings.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
