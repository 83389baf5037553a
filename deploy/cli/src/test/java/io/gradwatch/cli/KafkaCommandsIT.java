package io.gradwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.IncidentMember;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that speak to a Kafka of one's own. */
class KafkaCommandsIT {
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
  void topicsArePlannedThenCreatedThenKept() {
    CommandRun plan = run("topics", "create", "--project", "plan", "--dry-run");
    CommandRun create = run("topics", "create", "--project", "plan");
    CommandRun again = run("topics", "create", "--project", "plan");

    assertThat(plan.code()).isZero();
    assertThat(plan.out().lines())
        .hasSameSizeAs(Topics.allSpecs("plan"))
        .anyMatch(line -> line.startsWith("create   gradwatch.events.v1.plan "));
    assertThat(create.out()).isEqualTo(plan.out());
    assertThat(again.code()).isZero();
    assertThat(again.out().lines())
        .hasSameSizeAs(Topics.allSpecs("plan"))
        .allMatch(line -> line.startsWith("keep     gradwatch."));
  }

  @Test
  void aTopicThatIsOtherwiseIsToldAndLeftAlone() {
    kafka.createTopic(Topics.events("odd"), 1);

    CommandRun run = run("topics", "create", "--project", "odd", "--dry-run");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("(?m)^differs  gradwatch.events.v1.odd +partitions 1, not 12; ");
  }

  @Test
  void tailPrintsWhatIsThereAndEnds() {
    kafka.createTopic(Topics.alarms("tail"), 3);
    send(Topics.alarms("tail"), alarm("a", 7), alarm("b", 8), alarm("a", 9));
    kafka.send(
        List.of(new ProducerRecord<>(Topics.alarms("tail"), 0, bytes("a"), bytes("no alarm"))));

    CommandRun all = run("tail", "alarms", "--project=tail", "--from-beginning", "--exit-at-end");
    CommandRun one =
        run("tail", "alarms", "--project=tail", "--from-beginning", "--exit-at-end", "--run=a");
    CommandRun first = run("tail", "alarms", "--project=tail", "--from-beginning", "--max=1");

    assertThat(all.code()).isZero();
    assertThat(all.out().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("{\"run\":\"") && line.endsWith("}"));
    assertThat(all.err())
        .startsWith("left out: gradwatch.alarms.v1.tail, partition 0, offset ")
        .hasLineCount(1);
    assertThat(one.out().lines().toList())
        .hasSize(2)
        .satisfiesExactly(
            line -> assertThat(line).contains("\"step\":7"),
            line -> assertThat(line).contains("\"step\":9"));
    assertThat(first.out()).hasLineCount(1);
  }

  @Test
  void tailStartsWithWhatComesNextUnlessTold() {
    kafka.createTopic(Topics.recommendations("next"), 1);
    ClipRecommendation advice =
        ClipRecommendation.newBuilder().setRunId("r").setClipThreshold(1.5).build();
    send(Topics.recommendations("next"), advice);

    CommandRun next = run("tail", "recommendations", "--project=next", "--exit-at-end");

    assertThat(next.code()).isZero();
    assertThat(next.out()).isEmpty();
  }

  @Test
  void tailShowsDeadLettersWithTheirHeadersAndBytes() {
    run("topics", "create");
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(Topics.DEAD_LETTERS, bytes("r"), bytes("garbage"));
    letter.headers().add("gradwatch.dead-letter.reason", bytes("MALFORMED"));
    kafka.send(List.of(letter));

    CommandRun run = run("tail", "dead-letters", "--from-beginning", "--max=1");

    assertThat(run.out())
        .startsWith("{\"run\":\"r\",\"timestamp\":")
        .contains("\"headers\":{\"gradwatch.dead-letter.reason\":\"MALFORMED\"}")
        .endsWith("\"value_base64\":\"Z2FyYmFnZQ==\"}" + System.lineSeparator());
  }

  @Test
  void tailShowsIncidentsOfAllProjects() {
    run("topics", "create");
    FleetIncident incident =
        FleetIncident.newBuilder()
            .setIncidentId("0123")
            .setTag("host")
            .setTagValue("gpu-7")
            .setMembers(
                List.of(IncidentMember.newBuilder().setProject("vision").setRunId("r").build()))
            .build();
    kafka.send(
        List.of(
            new ProducerRecord<>(
                Topics.INCIDENTS,
                bytes("0123"),
                RecordCodec.of(FleetIncident.class).encode(incident))));

    CommandRun run = run("tail", "incidents", "--from-beginning", "--max=1");

    assertThat(run.out())
        .startsWith("{\"incident_id\":\"0123\",\"revision\":0,")
        .contains("\"tag\":\"host\",\"tag_value\":\"gpu-7\"")
        .contains("\"members\":[{\"project\":\"vision\",\"run_id\":\"r\",");
  }

  @Test
  void replayPublishesWhatIsRecorded() throws IOException {
    run("topics", "create", "--project", "replay");
    Path calm = Recordings.calm(folder.resolve("calm.csv"));
    Path lost = Recordings.loseTheLoss(folder.resolve("lost.csv"));

    CommandRun run = run("replay", calm.toString(), lost.toString(), "--project=replay");

    assertThat(run.code()).isZero();
    assertThat(kafka.readAll(Topics.events("replay"), IsolationLevel.READ_UNCOMMITTED))
        .extracting(record -> new String(record.key(), UTF_8))
        .hasSize(2 * (Recordings.STEPS + 2))
        .containsOnly("calm", "lost");
  }

  @Test
  void replayRefusesWhatIsNoRecording() {
    CommandRun run = run("replay", folder.resolve("none.csv").toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).startsWith("gradwatch: ").contains("none.csv");
    assertThat(run("replay", "a.csv", "--speed=-1").code()).isEqualTo(2);
  }

  @Test
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void replayFailsInOneLineWithoutATopicOrABroker() throws IOException {
    String calm = Recordings.calm(folder.resolve("calm.csv")).toString();

    CommandRun noTopic = run("replay", calm, "--project=none");
    CommandRun noBroker =
        CommandRun.of(
            "replay",
            calm,
            "--bootstrap-server=127.0.0.1:1",
            "--command-property=default.api.timeout.ms=300",
            "--command-property=request.timeout.ms=200");

    assertThat(noTopic.code()).isEqualTo(1);
    assertThat(noTopic.err())
        .isEqualToNormalizingNewlines(
            "gradwatch: Kafka at SERVER: there is no topic gradwatch.events.v1.none; create it with `gradwatch topics create --project none --bootstrap-server SERVER`\n"
                .replace("SERVER", kafka.bootstrapServers()));
    assertThat(noBroker.code()).isEqualTo(1);
    assertThat(noBroker.err())
        .startsWith(
            "gradwatch: Kafka at 127.0.0.1:1: asked for the topic gradwatch.events.v1.default, got no answer")
        .contains("--bootstrap-server")
        .hasLineCount(1);
  }

  @Test
  void replayFailsWhenEventsDoNotArrive() throws IOException {
    run("topics", "create", "--project", "narrow");
    Path calm = Recordings.calm(folder.resolve("calm.csv"));

    CommandRun run =
        run(
            "replay",
            calm.toString(),
            "--project=narrow",
            "--command-property=max.request.size=10");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("only 0 of 202 events were published");
  }

  @Test
  void tailFailsInOneLineWithoutATopicOrABroker() throws IOException {
    Path hasty = folder.resolve("client.properties");
    Files.writeString(hasty, "default.api.timeout.ms=300\nrequest.timeout.ms=200\n");

    CommandRun noTopic = run("tail", "alarms", "--project=none");
    CommandRun noBroker =
        CommandRun.of(
            "tail",
            "alarms",
            "--bootstrap-server=127.0.0.1:1",
            "--command-config=" + hasty,
            "--command-property=client.id=me");

    assertThat(noTopic.code()).isEqualTo(1);
    assertThat(noTopic.err())
        .contains("there is no topic gradwatch.alarms.v1.none")
        .hasLineCount(1);
    assertThat(noBroker.code()).isEqualTo(1);
    assertThat(noBroker.err()).startsWith("gradwatch: Kafka at 127.0.0.1:1: ").hasLineCount(1);
  }

  @Test
  void othersMachinesAreReachedOverTlsOnlyUnlessToldOtherwise() {
    for (String command : List.of("tail alarms", "topics create", "policy list", "job")) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.add("--bootstrap-server=kafka.invalid:9092");
      CommandRun run = CommandRun.of(words.toArray(String[]::new));
      assertThat(run.code()).as(command).isNotZero();
      assertThat(run.err()).as(command).contains("must be SSL or SASL_SSL");
    }
    CommandRun allowed =
        CommandRun.of(
            "tail", "alarms", "--bootstrap-server=kafka.invalid:9092", "--allow-plaintext");
    assertThat(allowed.err()).doesNotContain("SASL_SSL").contains("kafka.invalid:9092");
  }

  @Test
  void commandLinesThatCannotBeMetAreRefused() {
    assertThat(CommandRun.of("tail", "alarms").code()).isEqualTo(2);
    assertThat(run("tail", "alerts").code()).isEqualTo(2);
    assertThat(run("tail", "alarms", "--max=0").code()).isEqualTo(2);
    assertThat(run("topics").code()).isEqualTo(2);
    assertThat(run("job", "-Dgradwatch.nonsense=1").code()).isEqualTo(2);
    assertThat(run("job", "--parallelism=0").code()).isEqualTo(2);
    assertThat(run("job", "--registry-write").err()).contains("gradwatch.registry.url is not set");
    assertThat(run("job", "--registry=http://registry.invalid").err()).contains("must be https");
    for (String command : List.of("tail alarms", "doctor", "gateway", "console", "router")) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.add("--registry=http://registry.invalid");
      assertThat(run(words.toArray(String[]::new)).err()).as(command).contains("must be https");
    }
    assertThat(CommandRun.of("up", "--port=65536").code()).isEqualTo(2);
    assertThat(CommandRun.of("up", "--project=NO").code()).isEqualTo(2);
    assertThat(run("topics", "create", "--project=NO").code()).isEqualTo(2);
  }

  private static CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (arguments.length > 1) {
      all.add("--bootstrap-server=" + kafka.bootstrapServers());
    }
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static DivergenceAlarm alarm(String run, long step) {
    return DivergenceAlarm.newBuilder().setRunId(run).setStep(step).build();
  }

  @SafeVarargs
  private static <T extends SpecificRecord> void send(String topic, T... records) {
    List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
    for (T record : records) {
      @SuppressWarnings("unchecked")
      RecordCodec<T> codec = RecordCodec.of((Class<T>) record.getClass());
      String key = String.valueOf(record.get(record.getSchema().getField("run_id").pos()));
      all.add(new ProducerRecord<>(topic, bytes(key), codec.encode(record)));
    }
    kafka.send(all);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
