package io.gradwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.gradwatch.broker.testing.Asked;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.broker.testing.SecuredKafka;
import io.gradwatch.cli.access.PrintedAcls;
import io.gradwatch.console.Console;
import io.gradwatch.console.ConsoleOptions;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.routing.Router;
import io.gradwatch.console.routing.RouterOptions;
import io.gradwatch.console.routing.config.RouterConfigReader;
import io.gradwatch.console.server.About;
import io.gradwatch.jobs.GradwatchJob;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.producer.Advisor;
import io.gradwatch.producer.RunDescription;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.producer.StepReport;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.Severity;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every part on a broker with ACLs, with what {@code gradwatch acls --print} prints for it. */
@Timeout(900)
class AccessIT {
  private static final String OURS = "vision";
  private static final String PASSWORD = "a-password";
  private static final int STEPS = 300;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** How clients show who they are. */
  enum Door {
    SCRAM,
    MUTUAL_TLS
  }

  @TempDir private Path folder;
  private SecuredKafka kafka;
  private Door door = Door.SCRAM;
  private @Nullable JobClient job;

  @BeforeEach
  void start() {
    kafka = SecuredKafka.start(folder);
  }

  @AfterEach
  void stop() throws Exception {
    if (job != null && !job.getJobExecutionResult().isDone()) {
      job.cancel().get();
      assertThat(job.getJobExecutionResult()).failsWithin(KafkaCluster.PATIENCE);
    }
    kafka.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyPartWorksWithItsRightsAndNeedsEachOfThem(Door through) throws Exception {
    door = through;
    List<AclBinding> rights = printed("--project=" + OURS);
    kafka.allow(rights);

    // The operator creates all topics; without the shared ones, the job does.
    assertThat(run("operator", "topics", "create", "--project=other").err()).isEmpty();
    kafka.deleteTopics(List.of(Topics.POLICIES, Topics.DEAD_LETTERS));
    kafka.createTopic(Topics.events(OURS), 2);
    job = startJob();
    publishExplodingRun();
    for (String topic :
        List.of(Topics.alarms(OURS), Topics.statistics(OURS), Topics.recommendations(OURS))) {
      awaitRecords(topic, job);
    }
    assertThat(tail("console", "alarms")).contains("\"project\":\"vision\"");
    assertThat(tail("console", "statistics")).contains("\"run\"");
    assertThat(tail("console", "recommendations")).contains("\"run\"");
    takesAdvice();

    // A record that is none, sent once more by the operator.
    send("trainer-" + OURS, Topics.events(OURS));
    assertThat(tail("operator", "dead-letters")).contains("gradwatch.dead-letter.reason");
    CommandRun replay = run("operator", "dead-letters", "replay", "--all");
    assertThat(replay.err()).isEmpty();
    assertThat(replay.out()).contains("1 sent");
    Path policy = folder.resolve("policy.yaml");
    Files.writeString(
        policy, "fleet:\n  detectors:\n    EXPLODING_GRADIENT:\n      severity: WARNING\n");
    assertThat(run("operator", "policy", "publish", policy.toString()).err()).isEmpty();
    assertThat(run("operator", "policy", "list").out()).contains("fleet/default");
    assertThat(run("operator", "topics", "create", "--project=" + OURS).err()).isEmpty();
    readsAll("console", Topics.INCIDENTS);
    usesTheConsole();
    routesAlarms();

    assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
    // What a client asks at its leisure, as the job to commit what it has read, may come last.
    Await.until(
        "the need of all rights but " + ofIncidents(rights),
        () -> ofIncidents(rights).containsAll(notNeeded(rights)));
  }

  /** As somebody on call would: looks, says what is done, silences, judges. */
  private void usesTheConsole() throws Exception {
    try (Console console =
        Console.start(
            new ConsoleOptions(
                AccessOptions.loopback(),
                0,
                0,
                new FeedOptions(new HashMap<>(client("console")), true, null, SECOND),
                FleetLimits.standard(),
                InstantSource.system(),
                About.version("test")))) {
      Await.until("an alarm on the console", () -> get(console, "/alarms").contains("\"id\":"));
      String alarm = word(get(console, "/alarms"), "id");
      String csrf = word(get(console, "/session"), "csrf");
      change(console, csrf, "PUT", "/alarms/" + alarm + "/acknowledgement", "{\"note\":\"mine\"}");
      change(console, csrf, "PUT", "/alarms/" + alarm + "/judgement", "{\"verdict\":\"RIGHT\"}");
      change(
          console,
          csrf,
          "POST",
          "/silences",
          "{\"matchers\":[{\"label\":\"run\",\"operator\":\"=\",\"value\":\"run\"}],"
              + "\"endsAt\":"
              + (System.currentTimeMillis() + 60_000)
              + ",\"note\":\"a test\"}");
      assertThat(get(console, "/alarms/" + alarm)).contains("mine", "RIGHT");
      for (String topic : List.of(Topics.SILENCES, Topics.ACKNOWLEDGEMENTS, Topics.JUDGEMENTS)) {
        Await.until(
            "a fetch from " + topic,
            () -> kafka.asked().stream().anyMatch(asked -> isFetch(asked, "console", topic)));
      }
      assertThat(console.status().failure()).isNull();
    }
  }

  /** An alarm that nobody silenced is passed on to who wants to hear of it. */
  private void routesAlarms() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    HttpServer target =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    target.createContext(
        "/",
        exchange -> {
          heard.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    target.start();
    Path secret = Files.writeString(folder.resolve("signing"), "a-secret-that-signs-requests");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path config =
        Files.writeString(
            folder.resolve("router.yaml"),
            """
            targets:
            - name: hook
              type: webhook
              url: http://127.0.0.1:%d/
              allow-private: true
              secret-file: %s
            routes:
            - match: {"tag:host": ""}
              to: hook
            """
                .formatted(target.getAddress().getPort(), secret));
    try (Router router =
        Router.start(
            RouterConfigReader.read(config),
            new HashMap<>(client("router")),
            RouterOptions.standard())) {
      publishAlarm("other-run");
      String told = heard.poll(KafkaCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(told).as(router.metrics()).contains("other-run");
      Await.until(
          "what was told is noted",
          () ->
              kafka.endOffsets(Topics.DELIVERIES, IsolationLevel.READ_COMMITTED).values().stream()
                  .anyMatch(end -> end > 0));
    } finally {
      target.stop(0);
    }
  }

  private void publishAlarm(String run) throws Exception {
    DivergenceAlarm alarm =
        DivergenceAlarm.newBuilder()
            .setAlarmId("0123456789abcdef0123456789abcdef")
            .setProject(OURS)
            .setRunId(run)
            .setKind(AlarmKind.DIVERGENCE)
            .setSeverity(Severity.CRITICAL)
            .setState(AlarmState.OPEN)
            .setEmittedAt(System.currentTimeMillis())
            .setSummary("The loss is gone.")
            .build();
    try (var producer =
        new KafkaProducer<>(
            new HashMap<String, Object>(client("job")),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.alarms(OURS),
                  run.getBytes(UTF_8),
                  RecordCodec.of(DivergenceAlarm.class).encode(alarm)))
          .get();
    }
  }

  private static String get(Console console, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(console.url() + "/api/v1" + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  private static void change(Console console, String csrf, String method, String path, String body)
      throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(console.url() + "/api/v1" + path))
                    .method(method, BodyPublishers.ofString(body))
                    .header("Content-Type", "application/json")
                    .header("X-Gradwatch-Csrf", csrf)
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
  }

  /** The first value of a name in some JSON. */
  private static String word(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
    assertThat(matcher.find()).as(json).isTrue();
    return matcher.group(1);
  }

  /** One run is no incident; the job writes none here. */
  private static List<AclBinding> ofIncidents(List<AclBinding> rights) {
    return rights.stream()
        .filter(right -> right.pattern().name().equals(Topics.INCIDENTS))
        .filter(right -> right.entry().principal().endsWith("job"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rightsWithoutWhichTheJobFails")
  void theJobFailsWithoutARight(String name, String message) throws Exception {
    List<AclBinding> rights =
        printed("--project=" + OURS).stream()
            .filter(right -> !right.pattern().name().equals(name))
            .toList();
    assertThat(rights).hasSizeLessThan(printed("--project=" + OURS).size());
    kafka.allow(rights);
    createTopics(OURS);
    job = startJob();
    publishExplodingRun();
    assertThat(job.getJobExecutionResult())
        .failsWithin(KafkaCluster.PATIENCE)
        .withThrowableOfType(ExecutionException.class)
        .havingRootCause()
        .withMessageContaining(message);
  }

  static Stream<Arguments> rightsWithoutWhichTheJobFails() {
    return Stream.of(
        Arguments.of(Topics.POLICIES, "Topic authorization failed"),
        Arguments.of("gradwatch-statistics-", "Transactional Id authorization failed"));
  }

  @Test
  void aTrainerSpeaksForItsProjectOnly() {
    kafka.allow(printed("--project=" + OURS));
    List<String> others = List.of("other", OURS + "-2", "v");
    createTopics(OURS);
    others.forEach(this::createTopics);
    String trainer = "trainer-" + OURS;

    send(trainer, Topics.events(OURS));
    Stream.concat(
            Topics.allSpecs(OURS).stream(),
            others.stream().flatMap(other -> Topics.specs(other).stream()))
        .map(TopicSpec::name)
        .filter(topic -> !topic.equals(Topics.events(OURS)))
        .forEach(
            topic ->
                assertThatThrownBy(() -> send(trainer, topic))
                    .as("write %s", topic)
                    .hasRootCauseInstanceOf(TopicAuthorizationException.class));

    readsAll(trainer, Topics.recommendations(OURS));
    Stream.concat(
            Topics.allSpecs(OURS).stream(),
            others.stream().flatMap(other -> Topics.specs(other).stream()))
        .map(TopicSpec::name)
        .filter(topic -> !topic.equals(Topics.recommendations(OURS)))
        .forEach(
            topic ->
                assertThatThrownBy(() -> readsUntilRefused(trainer, topic))
                    .as("read %s", topic)
                    .isInstanceOf(TopicAuthorizationException.class));
  }

  @Test
  void theConsoleWritesNothingButWhatPeopleSay() {
    kafka.allow(printed("--project=" + OURS));
    createTopics(OURS);
    Set<String> said = Set.of(Topics.SILENCES, Topics.ACKNOWLEDGEMENTS, Topics.JUDGEMENTS);
    Topics.allSpecs(OURS).stream()
        .map(TopicSpec::name)
        .filter(topic -> !said.contains(topic))
        .forEach(
            topic ->
                assertThatThrownBy(() -> send("console", topic))
                    .as("write %s", topic)
                    .hasRootCauseInstanceOf(TopicAuthorizationException.class));
  }

  @Test
  void theDoctorTellsWhatAPrincipalMayAndNeverFailsForWantOfRights() throws Exception {
    kafka.allow(printed("--project=" + OURS));
    createTopics(OURS);

    CommandRun operator = run("operator", "doctor", "--project=" + OURS, "--json");
    CommandRun console = run("console", "doctor", "--project=" + OURS, "--role=console", "--json");
    CommandRun other = run("trainer-" + OURS, "doctor", "--project=" + OURS, "--json");

    assertThat(operator.err() + console.err() + other.err()).isEmpty();
    assertThat(findings(operator, "acls", "problem")).isEmpty();
    assertThat(findings(operator, "acls", "ok"))
        .singleElement()
        .asString()
        .contains("\"as operator\"");
    assertThat(findings(operator, "lag", "note"))
        .singleElement()
        .asString()
        .contains("this principal may not look");
    assertThat(findings(console, "acls", "problem")).isEmpty();
    assertThat(findings(other, "acls", "problem"))
        .anyMatch(
            line ->
                line.contains("\"subject\":\"" + Topics.POLICIES + "\"")
                    && line.contains("this principal lacks Write")
                    && line.contains("gradwatch acls --print --role operator --project vision"));
  }

  private static List<String> findings(CommandRun run, String check, String severity) {
    return run.out()
        .lines()
        .filter(line -> line.startsWith("{\"check\":\"" + check + "\""))
        .filter(line -> line.contains("\"severity\":\"" + severity + "\""))
        .toList();
  }

  private List<AclBinding> notNeeded(List<AclBinding> rights) {
    return rights.stream().filter(right -> !isNeeded(right, rights)).toList();
  }

  /** Without it something was refused that was asked for. */
  private boolean isNeeded(AclBinding right, List<AclBinding> rights) {
    List<AclBinding> others = rights.stream().filter(other -> !other.equals(right)).toList();
    return kafka.asked().stream()
        .filter(Asked::allowed)
        .anyMatch(
            asked -> covers(right, asked) && others.stream().noneMatch(o -> covers(o, asked)));
  }

  private static boolean covers(AclBinding right, Asked asked) {
    ResourcePattern pattern = right.pattern();
    String name = asked.resource().name();
    AclOperation given = right.entry().operation();
    return right.entry().principal().equals(asked.principal())
        && pattern.resourceType() == asked.resource().resourceType()
        && (pattern.patternType() == PatternType.PREFIXED
            ? name.startsWith(pattern.name())
            : name.equals(pattern.name()))
        && (given == asked.operation()
            || (asked.operation() == AclOperation.DESCRIBE
                && Set.of(AclOperation.READ, AclOperation.WRITE).contains(given)));
  }

  private List<AclBinding> printed(String... options) {
    List<String> all = new ArrayList<>(List.of("acls", "--print"));
    all.addAll(List.of(options));
    for (String role : List.of("trainer", "job", "console", "router", "operator")) {
      all.add("--" + role + "=" + principal(role.equals("trainer") ? "trainer-{project}" : role));
    }
    return PrintedAcls.ofCommands(CommandRun.of(all.toArray(String[]::new)).out());
  }

  private String principal(String name) {
    return door == Door.SCRAM ? name : "CN=" + name;
  }

  private Map<String, String> client(String name) {
    if (door == Door.MUTUAL_TLS) {
      return kafka.mutualTls(name);
    }
    kafka.addUser(name, PASSWORD);
    return kafka.scram(name, PASSWORD);
  }

  /** The same, with a reference in place of the password: what our own clients take. */
  private Map<String, String> referring(String name) {
    Path secret = folder.resolve("secret.properties");
    try {
      Files.writeString(secret, "password=" + PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> client = new LinkedHashMap<>(client(name));
    client.replaceAll(
        (setting, value) ->
            setting.equals("sasl.jaas.config")
                ? value.replace(PASSWORD, "${file:" + secret + ":password}")
                : value);
    return client;
  }

  private CommandRun run(String name, String... arguments) throws IOException {
    Properties client = new Properties();
    client.putAll(referring(name));
    Path file = folder.resolve(name + ".properties");
    try (Writer out = Files.newBufferedWriter(file)) {
      client.store(out, null);
    }
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + client.getProperty("bootstrap.servers"));
    all.add("--command-config=" + file);
    return CommandRun.of(all.toArray(String[]::new));
  }

  private String tail(String name, String feed) throws IOException {
    CommandRun run = run(name, "tail", feed, "--from-beginning", "--max=1", "--project=" + OURS);
    assertThat(run.err()).isEmpty();
    return run.out();
  }

  private JobClient startJob() throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    referring("job").forEach((name, value) -> options.put(JobOptions.KAFKA_PREFIX + name, value));
    String servers = options.remove(JobOptions.KAFKA_PREFIX + "bootstrap.servers");
    options.put(JobOptions.BOOTSTRAP_SERVERS.name(), servers);
    options.put(JobOptions.CHECKPOINT_INTERVAL.name(), "200 ms");
    Configuration flink = new Configuration();
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    flink.set(RpcOptions.ASK_TIMEOUT_DURATION, KafkaCluster.PATIENCE);
    flink.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, KafkaCluster.PATIENCE);
    flink.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.resolve("state").toUri().toString());
    return GradwatchJob.start(JobOptions.of(options), flink);
  }

  private void awaitRecords(String topic, JobClient job) {
    Await.until(
        "records in " + topic,
        () -> {
          if (job.getJobExecutionResult().isDone()) {
            job.getJobExecutionResult().get(); // throws what ended it
          }
          return kafka.endOffsets(topic, IsolationLevel.READ_COMMITTED).values().stream()
              .anyMatch(end -> end > 0);
        });
  }

  private void publishExplodingRun() {
    StepPublisher publisher =
        StepPublisher.builder()
            .clientProperties(referring("trainer-" + OURS))
            .project(OURS)
            .runId("run")
            .build();
    publisher.started(0, RunDescription.create().layers(List.of("a")));
    for (int step = 0; step < STEPS; step++) {
      double growth = Math.pow(2, Math.max(0, step - STEPS / 2) / 8.0);
      publisher.step(
          StepReport.of(step)
              .loss(2 + 0.1 * Math.cos(step))
              .gradNorm((1 + 0.1 * Math.sin(step)) * growth));
    }
    publisher.ended(STEPS, RunOutcome.FAILED);
    publisher.close(KafkaCluster.PATIENCE);
    assertThat(publisher.stats().published()).isEqualTo(STEPS + 2);
  }

  private void takesAdvice() {
    try (Advisor advisor =
        Advisor.builder()
            .clientProperties(referring("trainer-" + OURS))
            .project(OURS)
            .runId("run")
            .bounds(0.01, 10)
            .build()) {
      assertThat(advisor.awaitReading(KafkaCluster.PATIENCE)).isTrue();
      assertThat(advisor.stats().accepted()).isPositive();
    }
  }

  private void createTopics(String project) {
    try (Admin admin = kafka.admin()) {
      Set<String> there = admin.listTopics().names().get();
      kafka.createTopics(
          Topics.allSpecs(project).stream()
              .filter(spec -> !there.contains(spec.name()))
              .map(spec -> new NewTopic(spec.name(), 1, (short) 1).configs(spec.configs()))
              .toList());
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void send(String name, String topic) {
    Map<String, Object> settings = new HashMap<>(client(name));
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false); // else no id is refused first
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, "run".getBytes(UTF_8), new byte[1])).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads on until it is refused. Who may write a topic may ask for its offsets, so only the answer
   * to a fetch tells, and a poll need not wait for it.
   */
  private void readsUntilRefused(String name, String topic) {
    try (var consumer =
        new KafkaConsumer<>(
            new HashMap<String, Object>(client(name)),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Await.until("a record or a refusal", () -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
    }
  }

  private void readsAll(String name, String topic) {
    try (var consumer =
        new KafkaConsumer<>(
            new HashMap<String, Object>(client(name)),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      consumer.position(partition, KafkaCluster.PATIENCE);
      Await.until(
          "a fetch from " + topic,
          () -> {
            consumer.poll(Duration.ofMillis(200));
            return kafka.asked().stream().anyMatch(asked -> isFetch(asked, name, topic));
          });
    }
  }

  private boolean isFetch(Asked asked, String name, String topic) {
    return asked.principal().equals("User:" + principal(name))
        && asked.operation() == AclOperation.READ
        && asked.resource().name().equals(topic);
  }
}
