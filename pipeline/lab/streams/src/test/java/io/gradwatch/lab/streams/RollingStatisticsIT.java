package io.gradwatch.lab.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.schemas.RecordCodec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollingStatisticsIT {
  private static final int STEPS = 30;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"MEMORY", "ROCKSDB"})
  void tellsMeanAndDeviationOfEveryLayerAtEveryStep(String store) throws Exception {
    AvroLimits.ensure();
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerOptions.temporary().withDataFolder(folder.resolve("kafka")))) {
      broker.createTopics(
          List.of(new NewTopic("in", 1, (short) 1), new NewTopic("out", 1, (short) 1)));
      send(broker.bootstrapServers());
      ByteArrayOutputStream told = new ByteArrayOutputStream();
      StreamsMain.heat(
          new PrintStream(told, true, UTF_8),
          broker.bootstrapServers(),
          "rolling",
          "in",
          "out",
          store,
          "1",
          "1000",
          folder.resolve("stores").toString(),
          "1",
          Integer.toString(STEPS),
          Integer.toString(STEPS + 1));
      assertThat(told.toString(UTF_8).lines())
          .hasSize(3)
          .allSatisfy(mark -> assertThat(mark).contains("cpu_nanos", "compiler_millis"));
      List<ConsumerRecord<byte[], byte[]>> results = results(broker.bootstrapServers());
      assertThat(results).hasSize(STEPS);
      ByteBuffer last = ByteBuffer.wrap(results.get(STEPS - 1).value());
      assertThat(last.remaining()).isEqualTo(2 * 2 * Float.BYTES);
      assertThat(last.getFloat()).isEqualTo((STEPS - 1) / 2f);
      assertThat(last.getFloat()).isEqualTo((float) Math.sqrt((STEPS * STEPS - 1) / 12.0));
      assertThat(last.getFloat()).isEqualTo(3);
      assertThat(last.getFloat()).isZero();
    }
  }

  /** A run with two layers, the first of them 0, 1, 2 and so on, and a record of garbage. */
  private static void send(String bootstrapServers) throws Exception {
    RecordCodec<TrainingEvent> codec = RecordCodec.of(TrainingEvent.class);
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>("in", new byte[] {1}, new byte[] {7})).get();
      for (int step = 0; step < STEPS; step++) {
        TrainingEvent event =
            TrainingEvent.newBuilder()
                .setRunId("run")
                .setStep(step)
                .setEmittedAt(1_700_000_000_000L)
                .setBody(
                    StepCompleted.newBuilder().setLayerGradNorms(List.of((float) step, 3f)).build())
                .build();
        producer.send(new ProducerRecord<>("in", new byte[] {1}, codec.encode(event))).get();
      }
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> results(String bootstrapServers) {
    TopicPartition out = new TopicPartition("out", 0);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(out));
      consumer.seekToBeginning(List.of(out));
      long end = consumer.endOffsets(List.of(out)).get(out);
      while (consumer.position(out) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    return records;
  }
}
