package io.gradwatch.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.cli.CommandRun;
import io.gradwatch.console.Console;
import io.gradwatch.console.ConsoleOptions;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.server.About;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Evidence;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.Severity;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a console that reads a Kafka. */
class ConsoleCommandsIT {
  private static final String PROJECT = "vision";
  private static final String RUN = "team a/r~7";
  private static final String ID = "00a1b2c3" + "0".repeat(24);
  private static final int STEPS = 300;

  @TempDir private Path folder;

  private static KafkaCluster kafka;
  private static Console console;

  @BeforeAll
  static void startConsole() throws IOException {
    kafka = KafkaCluster.start();
    CommandRun.of(
        "topics",
        "create",
        "--project=" + PROJECT,
        "--bootstrap-server=" + kafka.bootstrapServers());
    send();
    console =
        Console.start(
            new ConsoleOptions(
                AccessOptions.loopback(),
                0,
                0,
                new FeedOptions(
                    Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                    true,
                    null,
                    Duration.ofSeconds(1)),
                FleetLimits.standard(),
                InstantSource.system(),
                About.version("test")));
    Await.until("the console has read it", () -> run("alarms", "--output=json").out().contains(ID));
    Await.until(
        "the console has read it",
        () -> run("status", "--output=json").out().contains("\"step\":" + (STEPS - 1)));
  }

  @AfterAll
  static void stopConsole() {
    console.close();
    kafka.close();
  }

  @Test
  void runsAreShownWatchedComparedAndReported() throws IOException {
    Path page = folder.resolve("report.html");
    Path picture = folder.resolve("report.png");
    Path drawing = folder.resolve("compared.svg");

    assertThat(run("status", "--project=" + PROJECT).out()).contains("vision/team a/r~7", "299");
    assertThat(run("watch", PROJECT + "/" + RUN, "--once").out())
        .contains("step 299", "gradient", "█");
    assertThat(run("compare", PROJECT + "/" + RUN, PROJECT + "/plain").out())
        .contains("Loss, logarithmic, steps 0 to 29", "exploding gradient");
    assertThat(run("report", PROJECT + "/" + RUN, "-o", page.toString()).err())
        .isEqualTo("wrote " + page + "\n");
    assertThat(page).content().contains("<svg", "exploding gradient", "steps in which");
    assertThat(run("report", PROJECT + "/" + RUN, "-o", picture.toString()).code()).isZero();
    assertThat(Files.readAllBytes(picture)).startsWith(0x89, 'P', 'N', 'G');
    assertThat(
            run("compare", PROJECT + "/" + RUN, PROJECT + "/plain", "--svg", drawing.toString())
                .code())
        .isZero();
    assertThat(drawing).content().contains("2 runs by step");
    assertThat(run("report", PROJECT + "/nobody").err()).contains("is known");
  }

  @Test
  void whatPeopleSayOfAnAlarmIsKept() {
    assertThat(run("explain", "00a1").out())
        .contains("exploding gradient", "doubling_steps", "gradwatch ack 00a1b2c3");

    assertThat(run("ack", "00a1", "--author=bob", "--note=on it").out())
        .contains("now acknowledged");
    assertThat(run("explain", "00a1").out()).contains("looked after bob, since ", ": on it");
    assertThat(run("ack", "00a1", "--withdraw").out()).contains("now open");

    CommandRun silence =
        run("silence", "add", "run=" + RUN, "kind=exploding_gradient", "--for=1h", "--note=known");
    assertThat(silence.out()).contains("1 open alarm matches");
    assertThat(run("alarms", "--status=silenced").out()).contains("00a1b2c3");
    String id = silence.out().split(" +", 3)[1];
    assertThat(run("silence", "list").out()).contains(id.substring(0, 8), "known");
    assertThat(run("silence", "remove", id.substring(0, 8)).out()).startsWith("ended  " + id);
    assertThat(run("silence", "list").out()).isEqualTo("no silences\n");
    assertThat(run("silence", "add", "run=~(", "--for=1h", "--note=x").err())
        .contains("refused (400)");

    assertThat(run("judge", "00a1", "right", "--failure=250", "--author=bob").out())
        .startsWith("judged right");
    assertThat(run("labels", "--project=" + PROJECT).out())
        .contains("\"" + RUN + "\":{\"outcome\":\"diverged\"");
    assertThat(run("judge", "00a1", "--withdraw").code()).isZero();
  }

  private static CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--console=" + console.url());
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static void send() {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    RecordCodec<TrainingEvent> events = RecordCodec.of(TrainingEvent.class);
    for (String run : List.of(RUN, "plain")) {
      long now = System.currentTimeMillis();
      RunStarted started =
          RunStarted.newBuilder().setOwner("ann").setLayerNames(List.of("first", "second")).build();
      records.add(event(events, run, 0, now, started));
      for (int step = 0; step < STEPS; step++) {
        double grown = run.equals(RUN) ? Math.exp(0.02 * Math.max(0, step - 200)) : 1;
        StepCompleted body =
            StepCompleted.newBuilder()
                .setLoss(2 + grown / 10)
                .setGradNorm(grown)
                .setLayerGradNorms(List.of((float) grown, 0.5f))
                .build();
        records.add(event(events, run, step, now + step, body));
      }
    }
    DivergenceAlarm alarm =
        DivergenceAlarm.newBuilder()
            .setAlarmId(ID)
            .setProject(PROJECT)
            .setRunId(RUN)
            .setKind(AlarmKind.EXPLODING_GRADIENT)
            .setSeverity(Severity.CRITICAL)
            .setState(AlarmState.OPEN)
            .setOnsetStep(200)
            .setOpenedStep(220)
            .setStep(290)
            .setEmittedAt(System.currentTimeMillis())
            .setEvidence(List.of(new Evidence("doubling_steps", 34.7)))
            .setSummary("The gradient norm doubles every 35 steps.")
            .build();
    records.add(
        new ProducerRecord<>(
            Topics.alarms(PROJECT),
            RUN.getBytes(UTF_8),
            RecordCodec.of(DivergenceAlarm.class).encode(alarm)));
    kafka.send(records);
  }

  private static ProducerRecord<byte[], byte[]> event(
      RecordCodec<TrainingEvent> codec, String run, long step, long at, Object body) {
    TrainingEvent event =
        TrainingEvent.newBuilder()
            .setRunId(run)
            .setStep(step)
            .setEmittedAt(at)
            .setBody(body)
            .build();
    return new ProducerRecord<>(Topics.events(PROJECT), run.getBytes(UTF_8), codec.encode(event));
  }
}
