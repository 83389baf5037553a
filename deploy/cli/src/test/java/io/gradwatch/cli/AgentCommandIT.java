package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gradwatch agent} against a Kafka. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class AgentCommandIT {
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);
  private static final Path SCRIPT = Path.of("../bin/gradwatch").toAbsolutePath().normalize();
  private static KafkaCluster kafka;

  @TempDir private Path folder;

  @BeforeAll
  static void startKafka() {
    kafka = KafkaCluster.start();
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @Test
  void publishesWhatIsNewInALogWithEachCall() throws Exception {
    kafka.createTopic(Topics.events("jsonl"), 1);
    Path log =
        Files.writeString(folder.resolve("a.jsonl"), "{\"it\":1,\"loss\":2}\nnonsense {\"\n");

    assertThat(agent("jsonl", log, "--map=step=it", "--run-id=mine", "--attempt=2").code())
        .isZero();
    Files.writeString(log, "{\"it\":2,\"loss\":2}\n", StandardOpenOption.APPEND);
    assertThat(agent("jsonl", log, "--map=step=it", "--run-id=mine").code()).isZero();

    assertThat(steps("jsonl")).containsExactly("mine 2:1", "mine 2:2");
  }

  @Test
  void publishesCsvMegatronAndTensorBoard() throws Exception {
    kafka.createTopic(Topics.events("csv"), 1);
    kafka.createTopic(Topics.events("megatron"), 1);
    kafka.createTopic(Topics.events("tensorboard"), 1);
    Path version = Files.createDirectories(folder.resolve("lightning_logs/version_0"));
    Files.writeString(version.resolve("metrics.csv"), "epoch,step,train_loss\n0,49,2.5\n");
    Path log =
        Files.writeString(
            folder.resolve("bloom.log"),
            "[default7]: iteration 10/ 100 | lm loss: 6.4E+00 | grad norm: 4.096 |\n");
    Path runs = Path.of("../../producers/agent/src/test/resources/tensorboard");

    assertThat(agent("csv", folder.resolve("lightning_logs")).code()).isZero();
    assertThat(agent("megatron", log).code()).isZero();
    assertThat(agent("tensorboard", runs, "--tag=train/acc.*=grad_abs_max").code()).isZero();

    assertThat(steps("csv")).containsExactly("version_0 0:49");
    assertThat(steps("megatron")).containsExactly("bloom 0:10");
    assertThat(steps("tensorboard"))
        .containsExactly("real 0:0", "real 0:10", "real 0:20", "real 0:30", "real 0:40");
  }

  @Test
  void followsUntilItIsToldToEndAndKeepsItsPlace() throws Exception {
    kafka.createTopic(Topics.events("followed"), 1);
    Path log = Files.writeString(folder.resolve("a.jsonl"), "{\"step\":1}\n");
    Process process = process(words("jsonl", log, "followed")).start();
    Await.until("the first step", () -> !steps("followed").isEmpty());
    Files.writeString(log, "{\"step\":2}\n", StandardOpenOption.APPEND);
    Await.until("the second step", () -> steps("followed").size() == 2);

    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 15);
    assertThat(folder.resolve("errors")).hasContent("published 1 run, 2 steps, 3 events");
    Files.writeString(log, "{\"step\":3}\n", StandardOpenOption.APPEND);
    List<String> words = words("jsonl", log, "followed");
    words.add("--once");
    assertThat(process(words).start().waitFor()).isZero();
    assertThat(steps("followed")).containsExactly("a 0:1", "a 0:2", "a 0:3");
  }

  @Test
  void refusesWhatCannotBeMet() throws Exception {
    Path log = Files.writeString(folder.resolve("a.jsonl"), "");

    assertThat(agent("jsonl", log, "--map=los=x").err()).contains("there is no field 'los'");
    assertThat(agent("jsonl", log, "--attempt=-1").code()).isEqualTo(2);
    assertThat(agent("jsonl", log, "--poll=0").code()).isEqualTo(2);
    assertThat(agent("jsonl", log, "--log-every=0").code()).isEqualTo(2);
    assertThat(agent("jsonl", log, "--run-id= ").code()).isEqualTo(2);
    assertThat(agent("tensorboard", log, "--tag=(=loss").err()).contains("--tag: ");
    assertThat(agent("tensorboard", log, "--tag=loss").err()).contains("must be REGEX=FIELD");
    assertThat(CommandRun.of("agent").code()).isEqualTo(2);
    CommandRun noFile = agent("jsonl", folder.resolve("none"));
    assertThat(noFile.code()).isEqualTo(1);
    assertThat(noFile.err()).isEqualTo("gradwatch: there is no " + folder.resolve("none") + "\n");
  }

  /** Publishes what is there, to the project that is called as the kind of log. */
  private CommandRun agent(String kind, Path log, String... options) {
    List<String> words = words(kind, log, kind);
    words.remove(0);
    words.add("--once");
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray(String[]::new));
  }

  private ProcessBuilder process(List<String> words) {
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectError(folder.resolve("errors").toFile());
    builder.environment().put("GRADWATCH_NO_BUILD", "yes");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  private List<String> words(String kind, Path log, String project) {
    return new ArrayList<>(
        List.of(
            SCRIPT.toString(),
            "agent",
            kind,
            log.toString(),
            "--project=" + project,
            "--poll=0.05",
            "--positions=" + folder.resolve("positions"),
            "--bootstrap-server=" + kafka.bootstrapServers()));
  }

  private static List<String> steps(String project) throws Exception {
    List<String> steps = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record :
        kafka.readAll(Topics.events(project), IsolationLevel.READ_UNCOMMITTED)) {
      TrainingEvent event = CODEC.decode(record.value());
      if (event.getBody() instanceof StepCompleted) {
        steps.add(event.getRunId() + " " + event.getAttempt() + ":" + event.getStep());
      }
    }
    return steps;
  }
}
