package io.gradwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.schemas.RunRemoval;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are taken out, as a Kafka sees it. */
class RunsCommandIT {
  @TempDir private Path folder;
  private KafkaCluster kafka;

  @BeforeEach
  void startKafka() {
    kafka = KafkaCluster.start();
  }

  @AfterEach
  void stopKafka() {
    kafka.close();
  }

  @Test
  void theRemovalLiesBehindTheEventsOfTheRunInTheirPartition() {
    run("topics", "create", "--project=vision");
    for (int i = 0; i < 20; i++) {
      kafka.send(
          List.of(
              new ProducerRecord<>(
                  Topics.events("vision"), ("run-" + i).getBytes(UTF_8), new byte[] {1})));
    }

    CommandRun remove = run("runs", "remove", "vision", "run-7");

    assertThat(remove.code()).isZero();
    assertThat(remove.out()).isEqualToNormalizingNewlines("removed  run vision/run-7\n");
    List<ConsumerRecord<byte[], byte[]>> ofRun = records(Topics.events("vision"), "run-7");
    assertThat(ofRun).hasSize(2);
    assertThat(ofRun.get(1).value()).isNull();
    assertThat(ofRun.get(1).headers().lastHeader(RunRemoval.HEADER)).isNotNull();
    assertThat(ofRun.get(1).partition()).isEqualTo(ofRun.get(0).partition());
  }

  @Test
  void aPolicyOfTheRunGoesWithItAndThatOfItsProjectStays() throws IOException {
    run("topics", "create");
    Path file = folder.resolve("policy.yaml");
    Files.writeString(
        file,
        """
        projects:
          default: {effective_at: 2026-01-01T00:00:00Z, clip: {rule: zclip}}
        runs:
          default/a: {effective_at: 2026-01-01T00:00:00Z, clip: {rule: fixed}}
        """);
    CommandRun publish = run("policy", "publish", file.toString());
    assertThat(publish.code()).as(publish.err()).isZero();

    CommandRun dry = run("runs", "remove", "default", "a", "--dry-run");
    CommandRun first = run("runs", "remove", "default", "a");
    CommandRun again = run("runs", "remove", "default", "a");

    assertThat(dry.out())
        .isEqualToNormalizingNewlines(
            "would remove  run default/a\nwould remove  policy run/default/a\n");
    assertThat(first.out())
        .isEqualToNormalizingNewlines("removed  run default/a\nremoved  policy run/default/a\n");
    assertThat(again.out()).isEqualToNormalizingNewlines("removed  run default/a\n");
    assertThat(records(Topics.events("default"), "a")).as("one each, none dry").hasSize(2);
    assertThat(records(Topics.POLICIES, "run/default/a")).hasSize(2);
    assertThat(records(Topics.POLICIES, "project/default")).hasSize(1);
  }

  @Test
  void whatIsNotThereIsTold() {
    CommandRun project = run("runs", "remove", "vision", "a");
    CommandRun blank = run("runs", "remove", "vision", " ");
    CommandRun name = run("runs", "remove", "Vision", "a");

    assertThat(project.code()).isEqualTo(1);
    assertThat(project.err()).contains("there is no topic gradwatch.events.v1.vision");
    assertThat(blank.code()).isEqualTo(2);
    assertThat(name.code()).isEqualTo(2);
  }

  private List<ConsumerRecord<byte[], byte[]>> records(String topic, String key) {
    return kafka.readAll(topic, IsolationLevel.READ_COMMITTED).stream()
        .filter(record -> key.equals(new String(record.key(), UTF_8)))
        .toList();
  }

  private CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    return CommandRun.of(all.toArray(String[]::new));
  }
}
