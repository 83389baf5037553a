package io.gradwatch.producer;

import static io.gradwatch.producer.Publishing.AMPLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class AdvisorIT {
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
  void readsWhatIsThereAndWhatComes() {
    String topic = Topics.recommendations("default");
    kafka.createTopic(topic, 12);
    kafka.send(List.of(advice(topic, "another", 9), advice(topic, "run", 0.5)));
    try (Advisor advisor = advisor("default")) {
      assertThat(advisor.awaitReading(AMPLE)).isTrue();
      assertThat(advisor.clipThreshold(100, 1, 7)).isEqualTo(0.5);

      ClipRecommendation next = Advice.of(0.25, 0, 150);
      kafka.send(List.of(new ProducerRecord<>(topic, "run".getBytes(UTF_8), Advice.bytes(next))));
      Await.until("the next advice", () -> advisor.stats().accepted() >= 2);
      assertThat(advisor.clipThreshold(151, 1, 7)).isEqualTo(0.25);
    }
  }

  @Test
  void guardsUntilAdviceComesTellsWhatItDidAndGuardsWhenThePipelineIsSilent() {
    String project = "loop";
    kafka.createTopic(Topics.recommendations(project), 3);
    kafka.createTopic(Topics.events(project), 3);
    StepPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers(kafka.bootstrapServers())
            .project(project)
            .runId("run")
            .build();
    try (publisher;
        Advisor advisor = builder(project).feedback(publisher).build()) {
      for (long step = 0; step <= 100; step++) {
        advisor.clipThreshold(step, 2);
      }
      assertThat(advisor.clipThreshold(101, 2)).as("no advice yet").isEqualTo(2);

      ClipRecommendation advice = Advice.of(0.5);
      advice.setProject(project);
      kafka.send(
          List.of(
              new ProducerRecord<>(
                  Topics.recommendations(project), "run".getBytes(UTF_8), Advice.bytes(advice))));
      Await.until("advice", () -> advisor.stats().accepted() >= 1);
      for (long step = 102; step <= 200; step++) {
        assertThat(advisor.clipThreshold(step, 2)).isEqualTo(0.5);
      }
      assertThat(advisor.clipThreshold(201, 2)).as("silent since").isEqualTo(2);
      publisher.close(AMPLE);
    }

    assertThat(kafka.readAll(Topics.events(project), IsolationLevel.READ_COMMITTED))
        .extracting(r -> Publishing.decoded(r.value()))
        .extracting(e -> e.getStep() + " " + e.getBody())
        .containsExactly(
            "102 " + new AdviceApplied(0.5, 0.5, 100L),
            "201 " + new AdviceApplied(null, 2.0, null));
  }

  @Test
  void waitsForATopicThatIsNotThereYet() {
    try (Advisor advisor = advisor("later")) {
      assertThat(advisor.clipThreshold(1, 1, 7)).isEqualTo(7);
      kafka.createTopic(Topics.recommendations("later"), 3);
      assertThat(advisor.awaitReading(AMPLE)).isTrue();
      assertThat(advisor.clipThreshold(1, 1, 7)).isEqualTo(7);
    }
  }

  private static Advisor advisor(String project) {
    return builder(project).build();
  }

  private static AdvisorBuilder builder(String project) {
    return Advisor.builder()
        .bootstrapServers(kafka.bootstrapServers())
        .project(project)
        .runId("run")
        .bounds(0.01, 10)
        .reconnect(Duration.ofMillis(50));
  }

  private static ProducerRecord<byte[], byte[]> advice(String topic, String run, double threshold) {
    ClipRecommendation advice = Advice.of(threshold);
    advice.setRunId(run);
    return new ProducerRecord<>(topic, run.getBytes(UTF_8), Advice.bytes(advice));
  }
}
