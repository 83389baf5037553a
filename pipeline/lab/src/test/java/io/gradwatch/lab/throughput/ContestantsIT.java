package io.gradwatch.lab.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.schemas.RecordCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every entrant does what it says, on a topic of six runs with four layers. */
class ContestantsIT {
  private static final int RUNS = 6;
  private static final int LAYERS = 4;
  private static final int STEPS = 150;

  @TempDir private static Path folder;

  private static Workload workload;
  private static EmbeddedBroker broker;
  private static Track track;

  @BeforeAll
  static void fillTheTopic() throws Exception {
    AvroLimits.ensure();
    workload =
        new Workload(
            RecordedNetwork.of(Path.of("traces/dev"), LAYERS, Reported.GRADIENTS),
            RUNS,
            RUNS * STEPS);
    broker =
        EmbeddedBroker.start(BrokerOptions.temporary().withDataFolder(folder.resolve("kafka")));
    broker.createTopics(Arena.topics());
    workload.send(broker.bootstrapServers());
    track =
        Track.of(broker.bootstrapServers(), 1, folder.resolve("checkpoints").toUri().toString());
  }

  @AfterAll
  static void stopTheBroker() throws Exception {
    broker.close();
  }

  /** What a heat left in the topic of copies. */
  private static List<ConsumerRecord<byte[], byte[]>> written(Entrant entrant) throws Exception {
    Map<TopicPartition, Long> before = endOfCopies();
    HeatResult result = entrant.run(track, "it-" + entrant.name().toLowerCase(Locale.ROOT));
    assertThat(result.records()).isEqualTo(RUNS * STEPS);
    Map<TopicPartition, Long> after = endOfCopies();
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      consumer.assign(after.keySet());
      before.forEach(consumer::seek);
      while (after.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    return records;
  }

  private static Map<TopicPartition, Long> endOfCopies() {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      return consumer.endOffsets(
          consumer.partitionsFor(Contestant.COPY).stream()
              .map(partition -> new TopicPartition(Contestant.COPY, partition.partition()))
              .toList());
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.bootstrapServers(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static String run(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  /** Gradient norms of a layer of a run, step by step. */
  private static double[] norms(int run, int layer) throws Exception {
    RecordCodec<TrainingEvent> codec = RecordCodec.of(TrainingEvent.class);
    double[] norms = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      TrainingEvent event = codec.decode(workload.event(step * RUNS + run));
      norms[step] = ((StepCompleted) event.getBody()).getLayerGradNorms().get(layer);
    }
    return norms;
  }

  @Test
  void passesEveryRecordThrough() throws Exception {
    assertThat(written(Contestant.PASSTHROUGH)).hasSize(RUNS * STEPS);
  }

  @Test
  void tellsMeanAndDeviationOfTheLastHundredInSqlForEveryValue() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> results = written(Contestant.SQL_OVER);
    assertThat(results).hasSize(RUNS * STEPS * LAYERS);
    Map<String, ByteBuffer> last = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : results) {
      ByteBuffer value = ByteBuffer.wrap(record.value());
      last.put(run(record) + "/" + value.getInt(), value);
    }
    assertThat(last).hasSize(RUNS * LAYERS);
    double[] norms = norms(2, 3);
    double mean = 0;
    double square = 0;
    for (int step = STEPS - 100; step < STEPS; step++) {
      mean += norms[step] / 100;
      square += norms[step] * norms[step] / 100;
    }
    ByteBuffer value = last.get(Workload.runId(2) + "/3");
    assertThat(value.getDouble()).isCloseTo(mean, within(1e-9 * mean));
    assertThat(value.getDouble()).isCloseTo(Math.sqrt(square - mean * mean), within(1e-6 * mean));
  }

  @Test
  void writesAVerdictOfThePeersForTheRunThatExplodesOnItsLastSteps() throws Exception {
    assertThat(written(Contestant.PEER_RULES))
        .anySatisfy(
            record -> {
              assertThat(run(record)).isEqualTo(Workload.runId(1));
              assertThat(new String(record.value(), StandardCharsets.UTF_8))
                  .endsWith(" EXPLODING_GRADIENT");
            });
  }

  @Test
  void runsAForestForEachRun() throws Exception {
    assertThat(written(Contestant.RANDOM_CUT_FOREST))
        .extracting(ContestantsIT::run)
        .contains(Workload.runId(1));
  }
}
