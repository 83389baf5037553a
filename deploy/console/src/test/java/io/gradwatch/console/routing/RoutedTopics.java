package io.gradwatch.console.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.MatchOperator;
import io.gradwatch.records.Matcher;
import io.gradwatch.records.Silence;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** The topics of a router, as a pipeline and people fill them. */
record RoutedTopics(KafkaCluster kafka) {
  static final String PROJECT = "vision";
  private static final int PARTITIONS = 4;

  /** Creates them. */
  static RoutedTopics in(KafkaCluster kafka) {
    kafka.createTopics(
        Stream.concat(
                Topics.consoleSpecs().stream()
                    .map(TopicSpec::name)
                    .map(name -> new NewTopic(name, 1, (short) 1)),
                Stream.of(new NewTopic(Topics.alarms(PROJECT), PARTITIONS, (short) 1)))
            .toList());
    return new RoutedTopics(kafka);
  }

  Map<String, Object> client() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  void send(DivergenceAlarm... alarms) {
    RecordCodec<DivergenceAlarm> codec = RecordCodec.of(DivergenceAlarm.class);
    kafka.send(
        Stream.of(alarms)
            .map(
                alarm ->
                    new ProducerRecord<>(
                        Topics.alarms(PROJECT),
                        alarm.getRunId().getBytes(UTF_8),
                        codec.encode(alarm)))
            .toList());
  }

  void silence(String run, long now, long end) {
    Silence silence =
        Silence.newBuilder()
            .setSilenceId("silence of " + run)
            .setMatchers(List.of(new Matcher("run", MatchOperator.EQUAL, run)))
            .setStartsAt(now)
            .setEndsAt(end)
            .build();
    kafka.send(
        List.of(
            new ProducerRecord<>(
                Topics.SILENCES,
                silence.getSilenceId().getBytes(UTF_8),
                RecordCodec.of(Silence.class).encode(silence))));
  }

  /** As if the router had ended before it wrote this line. */
  void forget(String target, String alarm) {
    kafka.send(
        List.of(
            new ProducerRecord<>(Topics.DELIVERIES, (target + "/" + alarm).getBytes(UTF_8), null)));
  }

  /** Lines of the journal of a target. */
  List<Delivery> journal(String target) throws RecordFormatException {
    RecordCodec<Delivery> codec = RecordCodec.of(Delivery.class);
    List<Delivery> lines = new ArrayList<>();
    for (var record : kafka.readAll(Topics.DELIVERIES, IsolationLevel.READ_COMMITTED)) {
      if (record.value() != null) {
        Delivery line = codec.decode(record.value());
        if (line.getTarget().equals(target)) {
          lines.add(line);
        }
      }
    }
    return lines;
  }

  /** Records behind what a group has committed; nothing as long as a partition is uncommitted. */
  Optional<Long> lag(String group) throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> ends =
        kafka.endOffsets(Topics.alarms(PROJECT), IsolationLevel.READ_COMMITTED);
    try (Admin admin = kafka.admin()) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      if (!committed.keySet().containsAll(ends.keySet())) {
        return Optional.empty();
      }
      return Optional.of(
          ends.entrySet().stream()
              .mapToLong(end -> end.getValue() - committed.get(end.getKey()).offset())
              .sum());
    }
  }
}
