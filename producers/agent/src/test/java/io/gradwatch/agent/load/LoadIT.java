package io.gradwatch.agent.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.agent.PlayListener;
import io.gradwatch.agent.PlaySummary;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.producer.Overflow;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.RecordedRun;
import java.time.Duration;
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

@Timeout(600)
class LoadIT {
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);
  private static final long START = 1_700_000_000_000L;

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
  void publishesThePlannedEventsAndNoOthers() throws Exception {
    LoadPlan plan = new LoadPlan(20, 3, true, 1e6, Duration.ofMillis(10), 0.5, 1);
    EventPublisher publisher = publisher("whole");

    PlaySummary summary = new Load(plan, START).run(publisher, PlayListener.NONE);
    publisher.close(KafkaCluster.PATIENCE);

    Map<String, List<TrainingEvent>> planned = new TreeMap<>();
    for (RecordedRun run : plan.open(START)) {
      List<TrainingEvent> events = new ArrayList<>();
      for (TrainingEvent event : LoadPlanTest.events(run)) {
        events.add(CODEC.decode(CODEC.encode(event)));
      }
      planned.put(run.runId(), events);
    }
    assertThat(read("whole")).isEqualTo(planned);
    assertThat(summary.complete()).isTrue();
    assertThat(summary.steps()).isEqualTo(20 * 500);
    assertThat(summary.events()).isEqualTo(20 * 502).isEqualTo(publisher.stats().published());
  }

  @Test
  void tellsThatRunsWereCancelledWhenItIsInterrupted() throws Exception {
    LoadPlan plan = new LoadPlan(5, 3, false, 1e-3, null, 0, 2);
    EventPublisher publisher = publisher("cut");
    Thread loading = Thread.currentThread();

    PlaySummary summary =
        new Load(plan, START)
            .run(
                publisher,
                new PlayListener() {
                  private boolean interrupted;

                  @Override
                  public void began(int runs) {
                    assertThat(interrupted).isFalse();
                    interrupted = true;
                    new Thread(
                            () -> {
                              io.gradwatch.broker.testing.Await.until(
                                  "the first step", () -> publisher.stats().published() == 2);
                              loading.interrupt();
                            })
                        .start();
                  }
                });

    assertThat(Thread.interrupted()).isTrue();
    publisher.close(KafkaCluster.PATIENCE);
    assertThat(summary.complete()).isFalse();
    assertThat(summary.events()).isEqualTo(3);
    List<TrainingEvent> events = read("cut").get(plan.runId(1));
    assertThat(read("cut")).as("the others had not begun").hasSize(1);
    assertThat(events.get(0).getBody()).isInstanceOf(RunStarted.class);
    assertThat(((RunEnded) events.get(2).getBody()).getOutcome()).isEqualTo(RunOutcome.CANCELLED);
  }

  private static EventPublisher publisher(String project) {
    kafka.createTopic(Topics.events(project), 3);
    return StepPublisher.builder()
        .bootstrapServers(kafka.bootstrapServers())
        .project(project)
        .overflow(Overflow.WAIT)
        .buildForAnyRun();
  }

  private static Map<String, List<TrainingEvent>> read(String project) throws Exception {
    Map<String, List<TrainingEvent>> runs = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record :
        kafka.readAll(Topics.events(project), IsolationLevel.READ_UNCOMMITTED)) {
      TrainingEvent event = CODEC.decode(record.value());
      runs.computeIfAbsent(event.getRunId(), id -> new ArrayList<>()).add(event);
    }
    return runs;
  }
}
