package io.gradwatch.console.routing.feed;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Consumers of committed records, who commit by themselves or not at all. */
final class Consumers {
  /** A new project's topics are found so soon. */
  private static final String DISCOVERY_MS = "15000";

  private Consumers() {}

  static KafkaConsumer<byte[], byte[]> of(Map<String, Object> client, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, DISCOVERY_MS);
    settings.putAll(more);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** How many fetches a consumer was answered; each poll with a partition asks again. */
  static double fetches(KafkaConsumer<byte[], byte[]> consumer) {
    return count(consumer, "consumer-fetch-manager-metrics", "fetch-total");
  }

  /** How many heartbeats of a consumer its group answered. */
  static double heartbeats(KafkaConsumer<byte[], byte[]> consumer) {
    return count(consumer, "consumer-coordinator-metrics", "heartbeat-total");
  }

  private static double count(KafkaConsumer<byte[], byte[]> consumer, String group, String name) {
    for (Map.Entry<MetricName, ? extends Metric> metric : consumer.metrics().entrySet()) {
      MetricName key = metric.getKey();
      if (key.name().equals(name) && key.group().equals(group)) {
        return ((Number) metric.getValue().metricValue()).doubleValue();
      }
    }
    throw new IllegalStateException("Kafka's client does not count " + name);
  }

  /** Whether a consumer has come to these ends. */
  static boolean hasReached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Partitions of a topic as the broker tells them. */
  static Collection<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    var found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new IllegalStateException(
          "there is no topic " + topic + "; create it with `gradwatch topics create`");
    }
    return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }
}
