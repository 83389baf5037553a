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
 * @param uncounted events before the clock may run
 */
record Track(
    String bootstrapServers,
    Map<TopicPartition, Long> ends,
    int parallelism,
    String checkpoints,
    Map<String, String> settings,
    long uncounted) {
  /** Shares of the events between which the clock runs: start and end of a job do not count. */
  static final double FROM = 0.2;

  static final double TO = 0.9;

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
      return new Track(bootstrapServers, ends, parallelism, checkpoints, Map.of(), 0);
    }
  }

  /** The same under other settings. */
  Track with(Map<String, String> others) {
    return new Track(bootstrapServers, ends, parallelism, checkpoints, others, uncounted);
  }

  /** The first so many of the events, or all; of each partition the same part. */
  Track first(Stretch stretch) {
    double share = Math.min(1, stretch.records() / (double) records());
    Map<TopicPartition, Long> shorter =
        ends.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, end -> (long) Math.ceil(share * end.getValue())));
    return new Track(
        bootstrapServers, shorter, parallelism, checkpoints, settings, stretch.uncounted());
  }

  /** Events after which the clock runs. */
  long from() {
    return Math.max(uncounted, (long) (FROM * records()));
  }

  /** Events after which it stops. */
  long to() {
    return (long) (TO * records());
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
