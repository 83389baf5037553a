package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.producer.Overflow;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.FieldNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class TailIT {
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);
  private static final String TOPIC = Topics.events("tailed");
  private static KafkaCluster kafka;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    kafka = KafkaCluster.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void followsALogThroughAnEndOfItsOwn() throws Exception {
    kafka.createTopic(TOPIC, 1);
    Path log = Files.writeString(folder.resolve("run.jsonl"), rows(0, 3_000));

    try (PositionStore store = PositionStore.open(folder.resolve("positions.json"))) {
      Tail tail = tail(log, store);
      CompletableFuture<TailSummary> end = CompletableFuture.supplyAsync(() -> follow(tail));
      awaitEvents(3_001);
      Files.writeString(log, rows(3_000, 3_005), StandardOpenOption.APPEND);
      awaitEvents(3_006);
      tail.stop();
      TailSummary summary = end.get(5, TimeUnit.MINUTES);
      assertThat(summary).isEqualTo(new TailSummary(1, 3_005, 3_006, 0, true));
    }
    Files.writeString(log, rows(3_005, 3_010), StandardOpenOption.APPEND);
    try (PositionStore store = PositionStore.open(folder.resolve("positions.json"))) {
      assertThat(tail(log, store).once().steps()).isEqualTo(5);
    }

    List<TrainingEvent> events = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record :
        kafka.readAll(TOPIC, IsolationLevel.READ_UNCOMMITTED)) {
      events.add(CODEC.decode(record.value()));
    }
    assertThat(events).hasSize(3_012);
    assertThat(events)
        .filteredOn(event -> event.getBody() instanceof StepCompleted)
        .extracting(TrainingEvent::getStep)
        .hasSize(3_010)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private static void awaitEvents(int count) {
    Await.until(
        count + " events",
        () -> kafka.readAll(TOPIC, IsolationLevel.READ_UNCOMMITTED).size() >= count);
  }

  private static TailSummary follow(Tail tail) {
    try {
      return tail.follow();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Tail tail(Path log, PositionStore store) {
    EventPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers(kafka.bootstrapServers())
            .project("tailed")
            .overflow(Overflow.WAIT)
            .buildForAnyRun();
    return new Tail(
        LineLogs.jsonl(log, null, FieldNames.common(), 1),
        new PublisherSink(publisher),
        store,
        TailListener.NONE,
        Duration.ofMillis(50),
        0);
  }

  private static String rows(int from, int to) {
    StringBuilder rows = new StringBuilder();
    for (int step = from; step < to; step++) {
      rows.append("{\"step\":").append(step).append(",\"loss\":2.5,\"grad_norm\":1}\n");
    }
    return rows.toString();
  }
}
