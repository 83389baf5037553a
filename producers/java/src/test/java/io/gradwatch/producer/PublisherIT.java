package io.gradwatch.producer;

import static io.gradwatch.producer.Publishing.AMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublisherIT {
  private static KafkaCluster kafka;

  @BeforeAll
  static void start() {
    kafka = KafkaCluster.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void keepsTheOrderOfEachRunInOnePartition() {
    kafka.createTopic(Topics.events("fleet"), 4);
    EventPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers(kafka.bootstrapServers())
            .project("fleet")
            .queueCapacity(16)
            .overflow(Overflow.WAIT)
            .buildForAnyRun();

    for (int step = 0; step < 1_000; step++) {
      for (int run = 0; run < 8; run++) {
        publisher.publish(Publishing.event("run-" + run, step));
      }
    }
    publisher.close(AMPLE);

    assertThat(publisher.stats().published()).isEqualTo(8_000);
    Map<String, Set<Integer>> partitions = new TreeMap<>();
    Map<String, Long> nextStep = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : read("fleet")) {
      TrainingEvent event = Publishing.decoded(record.value());
      partitions.computeIfAbsent(event.getRunId(), r -> new TreeSet<>()).add(record.partition());
      assertThat(event.getStep()).isEqualTo(nextStep.getOrDefault(event.getRunId(), 0L));
      nextStep.merge(event.getRunId(), 1L, (a, b) -> event.getStep() + 1);
    }
    assertThat(partitions).hasSize(8).allSatisfy((run, in) -> assertThat(in).hasSize(1));
    assertThat(nextStep).allSatisfy((run, next) -> assertThat(next).isEqualTo(1_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lz4", "gzip", "none"})
  void publishesTypedEventsWithTheClientsOwnSettings(String compression) {
    kafka.createTopic(Topics.events(compression), 1);
    StepPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers(kafka.bootstrapServers())
            .project(compression)
            .runId("run")
            .clientProperties(Map.of("compression.type", compression))
            .build();
    publisher.started(0, RunDescription.create().layers(List.of("a")));
    publisher.step(StepReport.of(0).loss(2.5).layerGradNorms(new float[] {0.5f}));
    publisher.ended(0, RunOutcome.COMPLETED);
    publisher.close(AMPLE);

    assertThat(publisher.stats().published()).as("%s", publisher.stats()).isEqualTo(3);
    assertThat(read(compression))
        .extracting(r -> Publishing.decoded(r.value()).getBody().getClass().getSimpleName())
        .containsExactly("RunStarted", "StepCompleted", "RunEnded");
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String project) {
    return kafka.readAll(Topics.events(project), IsolationLevel.READ_COMMITTED);
  }
}
