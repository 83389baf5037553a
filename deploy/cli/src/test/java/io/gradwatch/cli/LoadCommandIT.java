package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class LoadCommandIT {
  private static final Path SCRIPT = Path.of("../bin/gradwatch").toAbsolutePath().normalize();

  private static final Pattern SHARE =
      Pattern.compile(
          "(?m)^no run of 3 has a fault by a share of 0.001; with this seed --faults ([0-9.]+) gives"
              + " one or more$");

  private static KafkaCluster kafka;

  @BeforeAll
  static void startKafka() {
    kafka = KafkaCluster.start();
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @Test
  void sendsAFleetAndSaysSoInALine() throws Exception {
    kafka.createTopic(Topics.events("fleet"), 2);

    CommandRun run =
        load(
            "--project=fleet",
            "--runs=10",
            "--layers=5",
            "--rate=1000",
            "--duration=100ms",
            "--faults=0.5",
            "--seed=3",
            "--overflow=wait");

    assertThat(run.code()).isZero();
    assertThat(run.out().strip())
        .matches(
            "\\{\"runs\":10,\"layers\":5,\"seed\":3,\"complete\":true,\"steps\":100,\"events\":120,"
                + "\"published\":120,\"dropped\":0,\"failed\":0,\"seconds\":[0-9.E-]+,"
                + "\"steps_per_second\":[0-9.E]+,\"latest_seconds\":[0-9.E-]+,"
                + "\"faults\":\\{\"none\":\\d,\"growth\":\\d,\"nan\":\\d,\"spikes\":\\d,\"stall\":\\d}}");
    assertThat(run.err()).containsPattern("(?m)^runs with a fault: \\d [a-z]+(, \\d [a-z]+)*$");
    assertThat(events("fleet")).hasSize(10).allSatisfy((id, all) -> assertThat(all).hasSize(12));
  }

  @Test
  void saysThatNoRunHasAFaultAndWhichShareGivesOne() throws Exception {
    kafka.createTopic(Topics.events("calm"), 1);
    String[] options = {"--project=calm", "--runs=3", "--rate=1000", "--duration=10ms"};

    CommandRun without = load(with(options, "--faults=0.001"));

    Matcher share = SHARE.matcher(without.err());
    assertThat(share.find()).as(without.err()).isTrue();
    assertThat(without.out()).contains("\"none\":3");
    assertThat(load(with(options, "--faults=" + share.group(1))).out()).contains("\"none\":2");
    assertThat(load(with(options, "--faults=0")).err()).doesNotContain("fault");
  }

  private static String[] with(String[] options, String last) {
    String[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = last;
    return all;
  }

  @Test
  void tellsThatRunsWereCancelledWhenTheProcessIsTold() throws Exception {
    kafka.createTopic(Topics.events("cut"), 1);
    Process process =
        new ProcessBuilder(
                SCRIPT.toString(),
                "load",
                "--project=cut",
                "--runs=5",
                "--rate=100",
                "--bootstrap-server=" + kafka.bootstrapServers())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Await.until("steps of all runs", () -> events("cut").size() == 5);

    process.toHandle().destroy(); // SIGTERM, which does what Ctrl-C does; leaves its output open

    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).contains("\"complete\":false");
    }
    assertThat(process.waitFor()).isNotZero();
    assertThat(events("cut"))
        .hasSize(5)
        .allSatisfy(
            (id, all) ->
                assertThat(all.get(all.size() - 1).getBody())
                    .isEqualTo(new RunEnded(RunOutcome.CANCELLED)));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThat(load("--runs=0").err()).startsWith("runs: found 0, must be 1 to 1,000,000");
    assertThat(load("--runs=0").code()).isEqualTo(2);
    assertThat(load("--duration=soon").code()).isEqualTo(2);
    assertThat(load("--rate=-1").code()).isEqualTo(2);
    assertThat(load("--project=NO").code()).isEqualTo(2);
    CommandRun noTopic = load("--project=none");
    assertThat(noTopic.code()).isEqualTo(1);
    assertThat(noTopic.err()).contains("there is no topic gradwatch.events.v1.none");
  }

  private static CommandRun load(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "load";
    arguments[1] = "--bootstrap-server=" + kafka.bootstrapServers();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return CommandRun.of(arguments);
  }

  private static Map<String, List<TrainingEvent>> events(String project) throws Exception {
    RecordCodec<TrainingEvent> codec = RecordCodec.of(TrainingEvent.class);
    Map<String, List<TrainingEvent>> runs = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record :
        kafka.readAll(Topics.events(project), IsolationLevel.READ_UNCOMMITTED)) {
      TrainingEvent event = codec.decode(record.value());
      runs.computeIfAbsent(event.getRunId(), id -> new ArrayList<>()).add(event);
    }
    return runs;
  }
}
