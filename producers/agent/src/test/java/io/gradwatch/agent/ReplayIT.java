package io.gradwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.producer.Overflow;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.BundledRuns;
import io.gradwatch.traces.RecordedRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class ReplayIT {
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);
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
  void publishesTheBundledRunsAsTheyAreRecorded() throws Exception {
    Listening listening = new Listening();
    EventPublisher publisher = publisher("bundled", 3);
    PlaySummary summary =
        new Replay(publisher, Pace.unlimited(), listening)
            .run(Replay.openBundled(BundledRuns.names()));
    publisher.close(KafkaCluster.PATIENCE);

    Map<String, List<TrainingEvent>> recorded = new TreeMap<>();
    for (String name : BundledRuns.names()) {
      recorded.put(name, events(BundledRuns.open(name)));
    }
    assertThat(read("bundled")).isEqualTo(recorded);
    long events = recorded.values().stream().mapToLong(List::size).sum();
    assertThat(summary.runs()).isEqualTo(14);
    assertThat(summary.events()).isEqualTo(events).isEqualTo(publisher.stats().published());
    assertThat(summary.complete()).isTrue();
    assertThat(summary.failures()).isEmpty();
    assertThat(listening.steps).isEqualTo(summary.steps());
    assertThat(listening.progress).isEqualTo(1);
    assertThat(listening.ended).containsExactlyInAnyOrderElementsOf(BundledRuns.names());
  }

  @Test
  void takesOneStepOfEachRunAtATime() throws Exception {
    Path a = Files.writeString(folder.resolve("a.csv"), "step,loss,eval_loss\n0,1,\n1,1,2\n2,1,\n");
    Path b = Files.writeString(folder.resolve("b.csv"), "step,loss,attempt\n70,1,0\n71,1,1\n");
    EventPublisher publisher = publisher("interleaved", 1);
    new Replay(publisher, Pace.stepsPerSecond(1e6), PlayListener.NONE)
        .run(Replay.open(List.of(a, b)));
    publisher.close(KafkaCluster.PATIENCE);

    assertThat(records("interleaved"))
        .extracting(
            e -> e.getRunId() + " " + e.getBody().getClass().getSimpleName() + " " + e.getStep())
        .containsExactly(
            "a RunStarted 0",
            "a StepCompleted 0",
            "b RunStarted 70",
            "b StepCompleted 70",
            "a StepCompleted 1",
            "a EvaluationCompleted 1",
            "b RunStarted 71",
            "b StepCompleted 71",
            "b RunEnded 71",
            "a StepCompleted 2",
            "a RunEnded 2");
  }

  @Test
  void goesOnWithTheOthersWhenARecordingCannotBeRead() throws Exception {
    Path good = Files.writeString(folder.resolve("good.csv"), "step,loss\n0,1\n1,1\n");
    Path bad = Files.writeString(folder.resolve("bad.csv"), "step,loss\n0,1\n1,x\n");
    Listening listening = new Listening();
    EventPublisher publisher = publisher("damaged", 1);
    PlaySummary summary =
        new Replay(publisher, Pace.unlimited(), listening).run(Replay.open(List.of(bad, good)));
    publisher.close(KafkaCluster.PATIENCE);

    assertThat(read("damaged").get("good")).hasSize(4);
    assertThat(read("damaged").get("bad")).hasSize(2);
    assertThat(summary.steps()).isEqualTo(3);
    assertThat(summary.events()).isEqualTo(6).isEqualTo(publisher.stats().published());
    assertThat(summary.failures()).containsOnlyKeys("bad");
    assertThat(listening.failed.get("bad")).contains("line 3: column 'loss': found 'x'");
  }

  @Test
  void stopsWhenInterrupted() throws Exception {
    EventPublisher publisher = publisher("interrupted", 1);
    Thread.currentThread().interrupt();
    PlaySummary summary =
        new Replay(publisher, Pace.stepsPerSecond(1e-3), PlayListener.NONE)
            .run(Replay.openBundled(List.of("dev-healthy_lstm-01")));

    assertThat(Thread.interrupted()).isTrue();
    publisher.close(KafkaCluster.PATIENCE);
    assertThat(summary.complete()).isFalse();
    assertThat(summary.events()).isZero();
  }

  @Test
  void refusesTwoRecordingsOfOneRun() throws Exception {
    Path csv = Files.writeString(folder.resolve("a.csv"), "step\n0\n");
    Path jsonl = Files.writeString(folder.resolve("a.jsonl"), "{\"step\":0}\n");

    assertThatIOException()
        .isThrownBy(() -> Replay.open(List.of(csv, jsonl)))
        .withMessage("two recordings have the run id 'a'");
  }

  private static EventPublisher publisher(String project, int partitions) {
    kafka.createTopic(Topics.events(project), partitions);
    return StepPublisher.builder()
        .bootstrapServers(kafka.bootstrapServers())
        .project(project)
        .overflow(Overflow.WAIT)
        .buildForAnyRun();
  }

  private static Map<String, List<TrainingEvent>> read(String project) throws Exception {
    Map<String, List<TrainingEvent>> runs = new TreeMap<>();
    for (TrainingEvent event : records(project)) {
      runs.computeIfAbsent(event.getRunId(), r -> new ArrayList<>()).add(event);
    }
    return runs;
  }

  private static List<TrainingEvent> records(String project) throws Exception {
    List<TrainingEvent> events = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record :
        kafka.readAll(Topics.events(project), IsolationLevel.READ_COMMITTED)) {
      events.add(CODEC.decode(record.value()));
    }
    return events;
  }

  private static List<TrainingEvent> events(RecordedRun recorded) throws Exception {
    try (RecordedRun run = recorded) {
      List<TrainingEvent> events = new ArrayList<>();
      for (TrainingEvent event = run.next(); event != null; event = run.next()) {
        events.add(event);
      }
      return events;
    }
  }

  private static final class Listening implements PlayListener {
    final List<String> ended = new ArrayList<>();
    final Map<String, String> failed = new TreeMap<>();
    long steps;
    double progress;

    @Override
    public void advanced(long steps, double progress) {
      assertThat(progress).isBetween(this.progress, 1.0);
      this.steps = steps;
      this.progress = progress;
    }

    @Override
    public void runEnded(String runId, long steps) {
      ended.add(runId);
    }

    @Override
    public void runFailed(String runId, String message) {
      failed.put(runId, message);
    }
  }
}
