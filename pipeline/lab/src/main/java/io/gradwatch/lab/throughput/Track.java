package io.gradwatch.lab.throughput;

import io.gradwatch.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a heat takes place.
 *
 * @param bootstrapServers of the Kafka that holds the events
 * @param ends offsets behind the events to be read, of each partition
 * @param parallelism of the jobs
 * @param checkpoints URI of a folder for their checkpoints
 * @param settings of Flink, which win
 */
record Track(
    String bootstrapServers,
    Map<TopicPartition, Long> ends,
    int parallelism,
    String checkpoints,
    Map<String, String> settings) {

  /** All the events that are there. */
  static Track of(String bootstrapServers, int parallelism, String checkpoints) throws Exception {
    String topic = Topics.events(Topics.DEFAULT_PROJECT);
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      Map<TopicPartition, OffsetSpec> asked =
          admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
              .flatMap(description -> description.partitions().stream())
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest()));
      Map<TopicPartition, Long> ends =
          admin.listOffsets(asked).all().get().entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
      return new Track(bootstrapServers, ends, parallelism, checkpoints, Map.of());
    }
  }

  /** The same under other settings. */
  Track with(Map<String, String> others) {
    return new Track(bootstrapServers, ends, parallelism, checkpoints, others);
  }

  /** The first part of each partition. */
  Track first(double share) {
    Map<TopicPartition, Long> shorter =
        ends.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, end -> (long) Math.ceil(share * end.getValue())));
    return new Track(bootstrapServers, shorter, parallelism, checkpoints, settings);
  }

  /** Events to be read. */
  long records() {
    return ends.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Where Flink's source stops. */
  OffsetsInitializer stop() {
    return OffsetsInitializer.offsets(ends);
  }
}
