package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.console.Console;
import io.gradwatch.console.ConsoleOptions;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.server.About;
import io.gradwatch.jobs.GradwatchJob;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.producer.Advisor;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.KnownSchemas;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.Topics;
import io.gradwatch.schemas.registry.HttpSchemaRegistry;
import io.gradwatch.schemas.registry.RegistryOptions;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All parts with a real registry: Apicurio, by the API of Confluent's that it speaks. */
@Tag("installed")
@Timeout(900)
class SchemaRegistryIT {
  private static final String PROJECT = "vision";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private static Path folder;
  private static Apicurio apicurio;
  private static KafkaCluster kafka;

  @BeforeAll
  static void start() throws Exception {
    apicurio = Apicurio.start(folder.resolve("apicurio.log"));
    kafka = KafkaCluster.start();
  }

  @AfterAll
  static void stop() {
    if (kafka != null) {
      kafka.close();
    }
    if (apicurio != null) {
      apicurio.close();
    }
  }

  @Test
  void eventsAndFindingsTravelInConfluentFramingByTheRegistrysIds() throws Exception {
    Map<String, Integer> ids = ids(schemas("register", "--project", PROJECT), "REGISTER");
    assertThat(ids(schemas("register", "--project", PROJECT), "KEEP")).isEqualTo(ids);
    assertThat(found(schemas("check", "--project", PROJECT))).containsOnly("REGISTERED");
    onKafka("topics", "create", "--project", PROJECT);

    Path recorded = Recordings.loseTheLoss(folder.resolve("lost.csv"));
    CommandRun replay =
        onKafka("replay", recorded.toString(), "--project", PROJECT, "--registry", apicurio.url());
    assertThat(replay.code()).as(replay.err()).isZero();
    assertThat(kafka.readAll(Topics.events(PROJECT), IsolationLevel.READ_COMMITTED))
        .hasSize(Recordings.STEPS + 2)
        .allMatch(record -> id(record) == ids.get(subject(Topics.events(PROJECT))));

    JobClient job = GradwatchJob.start(jobOptions(), new Configuration());
    try {
      for (String topic :
          List.of(
              Topics.alarms(PROJECT),
              Topics.recommendations(PROJECT),
              Topics.statistics(PROJECT))) {
        assertThat(kafka.readUntil(topic, IsolationLevel.READ_COMMITTED, found -> !found.isEmpty()))
            .as(topic)
            .allMatch(record -> id(record) == ids.get(subject(topic)));
      }
      assertThat(kafka.readAll(Topics.DEAD_LETTERS, IsolationLevel.READ_COMMITTED)).isEmpty();
      tailsAlarms();
      showsThem();
      advises();
    } finally {
      job.cancel().get();
    }
  }

  private static void tailsAlarms() throws Exception {
    String[] tail = {
      "tail", "alarms", "--project", PROJECT, "--from-beginning", "--exit-at-end", "--run", "lost"
    };
    CommandRun with = onKafka(with(tail, "--registry", apicurio.url()));
    assertThat(with.err()).isEmpty();
    assertThat(with.out().lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("{\"run\":\"lost\""));
    CommandRun without = onKafka(tail);
    assertThat(without.out()).isEmpty();
    assertThat(without.err()).contains("no registry is configured");
    CommandRun away = onKafka(with(tail, "--registry", "http://127.0.0.1:1"));
    assertThat(away.code()).isEqualTo(1);
    assertThat(away.err())
        .startsWith("gradwatch: schema registry: the registry says nothing to GET /schemas/ids/")
        .hasLineCount(1);
    CommandRun doctor =
        onKafka("doctor", "--project", PROJECT, "--json", "--registry", apicurio.url());
    assertThat(doctor.out().lines())
        .anyMatch(line -> line.contains("\"schemas\"") && line.contains("events decode (id "));
  }

  private static void showsThem() throws Exception {
    FeedOptions feed =
        new FeedOptions(
            Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
            true,
            null,
            Duration.ofSeconds(1),
            registry());
    try (Console console =
        Console.start(
            new ConsoleOptions(
                AccessOptions.loopback(),
                0,
                0,
                feed,
                FleetLimits.standard(),
                InstantSource.system(),
                About.version("test")))) {
      Await.until("what was there", () -> console.status().caughtUp());
      assertThat(console.status().refused()).isZero();
      assertThat(console.status().records()).isGreaterThan(Recordings.STEPS);
    }
  }

  private static void advises() {
    try (Advisor advisor =
        Advisor.builder()
            .bootstrapServers(kafka.bootstrapServers())
            .project(PROJECT)
            .runId("lost")
            .bounds(0.1, 10)
            .registry(registry())
            .build()) {
      Await.until("advice", () -> advisor.stats().accepted() > 0);
      assertThat(advisor.stats().refused()).isZero();
    }
  }

  @Test
  void whatTheRegistryRefusesIsToldWithWhatAndWhere() throws Exception {
    String subject = subject(Topics.alarms("speech"));
    String other =
        "{\"type\":\"record\",\"name\":\"DivergenceAlarm\",\"namespace\":\"io.gradwatch.records\","
            + "\"fields\":[{\"name\":\"run_id\",\"type\":\"int\"}]}";
    apicurio.ask(
        "POST",
        "/subjects/" + subject + "/versions",
        MAPPER.createObjectNode().put("schema", other).toString());
    apicurio.ask("PUT", "/config/" + subject, "{\"compatibility\":\"BACKWARD\"}");

    CommandRun check = schemas("check", "--project", "speech");
    assertThat(check.code()).isEqualTo(1);
    assertThat(check.out().lines())
        .filteredOn(line -> line.contains("\"INCOMPATIBLE\""))
        .singleElement()
        .asString()
        .contains("\"subject\":\"" + subject + "\"", "TYPE_MISMATCH at /fields/0/type")
        .contains("the registry would refuse it");
    assertThat(found(check)).contains("MISSING");

    CommandRun plan = schemas("register", "--project", "speech", "--dry-run");
    assertThat(plan.code()).isZero();
    CommandRun register = schemas("register", "--project", "speech");
    assertThat(register.code()).isEqualTo(1);
    assertThat(register.err())
        .startsWith(
            "gradwatch: schema registry: the registry refused to register"
                + " io.gradwatch.records.DivergenceAlarm as subject "
                + subject
                + ": 409 ")
        .hasLineCount(1);
    assertThatThrownBy(
            () -> registry().id(subject, KnownSchemas.of(DivergenceAlarm.class).newest()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(": 409 ");
  }

  @Test
  void whatItDoesNotKnowIsNothingAndNoTrouble() {
    HttpSchemaRegistry registry = registry();
    assertThat(registry.schema(123_456)).isNull();
    assertThat(registry.schema(Integer.MAX_VALUE)).isNull();
    assertThat(registry.registered("never-value", KnownSchemas.of(TrainingEvent.class).newest()))
        .isEmpty();
  }

  private static HttpSchemaRegistry registry() {
    return new HttpSchemaRegistry(RegistryOptions.of(apicurio.url(), false));
  }

  private static JobOptions jobOptions() {
    return JobOptions.of(
        Map.of(
            JobOptions.BOOTSTRAP_SERVERS.name(),
            kafka.bootstrapServers(),
            JobOptions.CHECKPOINT_INTERVAL.name(),
            "200 ms",
            JobOptions.REGISTRY_URL.name(),
            apicurio.url(),
            JobOptions.REGISTRY_WRITE.name(),
            "true"));
  }

  private static CommandRun schemas(String... arguments) {
    List<String> all = new ArrayList<>(List.of("schemas"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--registry", apicurio.url()));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static CommandRun onKafka(String... arguments) {
    return CommandRun.of(with(arguments, "--bootstrap-server", kafka.bootstrapServers()));
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Ids by subject of a registration that did the same to all. */
  private static Map<String, Integer> ids(CommandRun run, String action) throws Exception {
    assertThat(run.code()).as(run.err()).isZero();
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (String line : run.out().lines().toList()) {
      JsonNode json = MAPPER.readTree(line);
      assertThat(json.path("action").asText()).as(line).isEqualTo(action);
      assertThat(json.path("id").isInt()).as(line).isTrue();
      ids.put(json.path("subject").asText(), json.path("id").asInt());
    }
    assertThat(ids).hasSize(10);
    return ids;
  }

  private static List<String> found(CommandRun run) throws Exception {
    List<String> found = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      found.add(MAPPER.readTree(line).path("found").asText());
    }
    return found;
  }

  private static String subject(String topic) {
    return SchemaRegistry.subjectOf(topic);
  }

  /** The id in Confluent framing; -1 of what bears another. */
  private static int id(ConsumerRecord<byte[], byte[]> record) {
    ByteBuffer value = ByteBuffer.wrap(record.value());
    return value.get() == 0 ? value.getInt() : -1;
  }
}
