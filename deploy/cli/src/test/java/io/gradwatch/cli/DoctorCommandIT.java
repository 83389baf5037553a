package io.gradwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RunRemoval;
import io.gradwatch.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The doctor on an installation that is well, and on ones that ail in one place. */
@Timeout(600)
class DoctorCommandIT {
  private static final String PROJECT = "vision";
  private static final String EVENTS = Topics.events(PROJECT);

  private KafkaCluster kafka;

  /** All topics, one event, and a job that has read it. */
  @BeforeEach
  void startAllThatIsNeeded() throws Exception {
    kafka = KafkaCluster.start();
    assertThat(run("topics", "create", "--project=" + PROJECT).code()).isZero();
    send(event("calm", System.currentTimeMillis()));
    commitAll();
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void findsNothingWrongWhereAllIsWell() {
    CommandRun run = run("doctor");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out())
        .containsPattern("(?m)^ok +brokers +127.0.0.1:\\d+ +1 broker answers$")
        .containsPattern("(?m)^ok +topics +project vision +4 topics as planned$")
        .containsPattern("(?m)^ok +topics +shared +3 topics as planned$")
        .containsPattern("(?m)^note +acls +authorizer +the brokers have none")
        .containsPattern("(?m)^ok +transactions +transaction.max.timeout.ms +900000 ms$")
        .containsPattern("(?m)^ok +schemas +gradwatch.events.v1.vision +1 of the newest 1 events")
        .containsPattern("(?m)^ok +clocks +this machine +\\d+ ms (ahead of|behind) ")
        .containsPattern("(?m)^ok +lag +project vision +all events are read$")
        .containsPattern("(?m)^ok +dead letters +gradwatch.dead-letters.v1 +none")
        .containsPattern("(?m)^ok +policies +gradwatch.policies.v1 +0 published, none refused$")
        .contains("0 problem(s), 2 note(s), ");
  }

  @Test
  void namesATopicThatIsMissingAndHowToCreateIt() throws Exception {
    kafka.deleteTopics(List.of(Topics.alarms(PROJECT)));

    assertAilsOfOneThing(
        "topics",
        Topics.alarms(PROJECT),
        "missing",
        "gradwatch topics create --project vision --bootstrap-server SERVER");
  }

  @Test
  void namesATopicThatIsCleanedUpOtherwiseAndHowToMendIt() throws Exception {
    set(Topics.recommendations(PROJECT), "cleanup.policy", "delete");

    assertAilsOfOneThing(
        "topics",
        Topics.recommendations(PROJECT),
        "cleanup.policy is delete",
        "kafka-configs.sh --bootstrap-server SERVER --alter --entity-type topics --entity-name"
            + " gradwatch.recommendations.v1.vision --add-config cleanup.policy=compact");
  }

  @Test
  void tellsThatTheJobStandsStill() throws Exception {
    long longAgo = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    kafka.send(
        Collections.nCopies(
            101,
            new ProducerRecord<>(
                EVENTS, null, longAgo, bytes("calm"), event("calm", longAgo).value())));

    assertAilsOfOneThing(
        "lag", "project vision", "101 events unread, the oldest 36", "start the job if it is down");
  }

  @Test
  void tellsThatNoJobEverRan() {
    assertThat(run("doctor", "--group-id=another").out())
        .containsPattern("(?m)^note +lag +project vision +1 event, and no job has committed any");
  }

  @Test
  void namesTheSchemaThatReadersDoNotKnow() throws Exception {
    byte[] value = event("calm", System.currentTimeMillis()).value();
    ByteBuffer.wrap(value).putLong(2, 0x0807060504030201L);
    send(new ProducerRecord<>(EVENTS, bytes("new\u001b[31m"), value));
    commitAll();

    assertAilsOfOneThing(
        "schemas", EVENTS, "written by fingerprint 0102030405060708", "upgrade readers first");
    assertThat(run("doctor").out()).contains("of 'new\uFFFD[31m'").doesNotContain("\u001b");
  }

  @Test
  void takesTheRemovalOfARunForNoEvent() throws Exception {
    ProducerRecord<byte[], byte[]> removal = new ProducerRecord<>(EVENTS, bytes("calm"), null);
    removal.headers().add(RunRemoval.HEADER, new byte[0]);
    send(removal);
    commitAll();

    CommandRun run = run("doctor");

    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out())
        .containsPattern("(?m)^ok +schemas +gradwatch.events.v1.vision +1 of the newest 1 events");
  }

  @Test
  void namesTheRunWhoseClockIsAhead() throws Exception {
    send(event("early", System.currentTimeMillis() + Duration.ofMinutes(10).toMillis()));
    commitAll();

    assertAilsOfOneThing("clocks", "runs of vision", "ahead: 'early' by ", "NTP");
  }

  @Test
  void tellsAPolicyThatTheJobRefuses() throws Exception {
    send(new ProducerRecord<>(Topics.POLICIES, bytes("fleet/default"), bytes("no policy")));

    assertAilsOfOneThing(
        "policies", "partition 0, offset 0", "UNKNOWN_FRAMING", "gradwatch policy publish");
  }

  @Test
  void countsWhatWasRefusedLately() {
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(Topics.DEAD_LETTERS, bytes("r"), bytes("garbage"));
    letter.headers().add("gradwatch.dead-letter.reason", bytes("MALFORMED"));
    send(letter);

    CommandRun run = run("doctor");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .containsPattern(
            "(?m)^note +dead letters +MALFORMED +1 of the newest 1 are of the last day")
        .contains("dead-letters list --reason MALFORMED --bootstrap-server ");
  }

  @Test
  void holdsTheBrokersAgainstTheJobsOptions() {
    assertThat(run("doctor", "-Dgradwatch.transaction-timeout=15min").code()).isZero();
    assertThat(run("doctor", "-Dgradwatch.transaction-timeout=1h").code()).isEqualTo(2);
    assertThat(run("doctor", "--samples=0").code()).isEqualTo(2);
    assertThat(run("doctor", "--project=NO").code()).isEqualTo(2);
  }

  @Test
  void saysSoWhenNoBrokerAnswers() {
    CommandRun run =
        CommandRun.of(
            "doctor",
            "--bootstrap-server=127.0.0.1:1",
            "--command-property=default.api.timeout.ms=300",
            "--command-property=request.timeout.ms=200");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("problem  brokers  127.0.0.1:1  Kafka at 127.0.0.1:1: ")
        .contains("do: check --bootstrap-server");
  }

  /** One problem and no other, as a line of JSON. */
  private void assertAilsOfOneThing(String check, String subject, String found, String remedy) {
    CommandRun run = run("doctor", "--json", "--project=" + PROJECT);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out().lines().filter(line -> line.contains("\"severity\":\"problem\"")))
        .singleElement()
        .asString()
        .startsWith("{\"check\":\"" + check + "\",\"subject\":\"" + subject + "\",")
        .contains(found)
        .contains(remedy.replace("SERVER", kafka.bootstrapServers()));
  }

  private void set(String topic, String name, String value)
      throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = kafka.admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  resource,
                  List.of(
                      new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
      Await.until(
          "the broker to learn of " + name,
          () ->
              value.equals(
                  admin
                      .describeConfigs(List.of(resource))
                      .all()
                      .get()
                      .get(resource)
                      .get(name)
                      .value()));
    }
  }

  /** What the job does with each checkpoint. */
  private void commitAll() throws ExecutionException, InterruptedException {
    try (Admin admin = kafka.admin()) {
      Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
      for (int i = 0; i < Topics.specs(PROJECT).get(0).partitions(); i++) {
        partitions.put(new TopicPartition(EVENTS, i), OffsetSpec.latest());
      }
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      admin
          .listOffsets(partitions)
          .all()
          .get()
          .forEach((partition, end) -> offsets.put(partition, new OffsetAndMetadata(end.offset())));
      admin.alterConsumerGroupOffsets("gradwatch", offsets).all().get();
    }
  }

  private static ProducerRecord<byte[], byte[]> event(String run, long emittedAt) {
    TrainingEvent event =
        TrainingEvent.newBuilder()
            .setRunId(run)
            .setStep(1)
            .setEmittedAt(emittedAt)
            .setBody(new Heartbeat())
            .build();
    return new ProducerRecord<>(
        EVENTS, bytes(run), RecordCodec.of(TrainingEvent.class).encode(event));
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    kafka.send(List.of(record));
  }

  private CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + kafka.bootstrapServers());
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
