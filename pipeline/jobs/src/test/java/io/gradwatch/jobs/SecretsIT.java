package io.gradwatch.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.broker.testing.SecuredKafka;
import io.gradwatch.jobs.options.JobArguments;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The job's password is in no log, however much is logged, on no page of Flink, in no state. */
@Timeout(600)
class SecretsIT {
  private static final String USER = "gradwatch-job";
  private static final String PASSWORD = "canary-5d1e";
  private static final String WRONG = "canary-wrong-77";
  private static final List<Samples.Sent> RUN = Samples.explodingRun("run", 200);

  /** How the job learns its password. */
  enum Login {
    IN_THE_FILE,
    BY_A_FILE_OF_ITS_OWN,
    /** Which the build sets. */
    BY_VARIABLE
  }

  @TempDir private Path folder;
  private final LogRecorder logs = LogRecorder.start();
  private SecuredKafka kafka;
  private JobOnKafka onKafka;
  private int restPort;

  @BeforeEach
  void start() {
    kafka = SecuredKafka.start(folder);
    kafka.addUser(USER, PASSWORD);
    kafka.allow(everything());
    onKafka = new JobOnKafka(kafka, folder.resolve("checkpoints"));
    onKafka.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
    restPort = Ports.free();
  }

  @AfterEach
  void stop() {
    kafka.close();
    logs.close();
  }

  @ParameterizedTest
  @EnumSource
  void areNotToldByAJobThatRuns(Login login) throws Exception {
    assertThat(System.getenv("GRADWATCH_TEST_PASSWORD")).isEqualTo(PASSWORD);
    JobArguments arguments = arguments(login, PASSWORD);
    JobClient job = GradwatchJob.start(arguments.options(), arguments.flink());
    onKafka.send(RUN);
    kafka.readUntil(
        Topics.statistics(Topics.DEFAULT_PROJECT),
        IsolationLevel.READ_COMMITTED,
        records -> !records.isEmpty() || job.getJobExecutionResult().isDone());
    assertThat(job.getJobExecutionResult()).isNotDone(); // else it tells what ended it
    List<Page> pages = pages(job);
    JobOnKafka.cancel(job);
    assertThat(pages)
        .allSatisfy(
            page -> {
              assertThat(page.status()).as(page.path()).isEqualTo(200);
              assertThat(page.text()).as(page.path()).doesNotContain(PASSWORD);
            });
    assertThat(logs.text()).contains("ProducerConfig values").doesNotContain(PASSWORD);
    assertThat(textOf(folder.resolve("checkpoints"))).isNotEmpty().doesNotContain(PASSWORD);
  }

  @ParameterizedTest
  @EnumSource(names = {"IN_THE_FILE", "BY_A_FILE_OF_ITS_OWN"})
  void areNotToldByAJobThatFails(Login login) throws Exception {
    JobArguments arguments = arguments(login, WRONG);
    JobClient job = GradwatchJob.start(arguments.options(), arguments.flink());
    assertThat(job.getJobExecutionResult())
        .failsWithin(KafkaCluster.PATIENCE)
        .withThrowableThat()
        .havingRootCause()
        .withMessageContaining("invalid credentials")
        .extracting(ExceptionUtils::stringifyException, as(STRING))
        .doesNotContain(WRONG);
    assertThat(logs.text()).contains("invalid credentials").doesNotContain(WRONG);
  }

  @Test
  void areNoPartOfTheJobWhereTheyAreReferredTo() throws Exception {
    assertThat(text(shipped(Login.IN_THE_FILE))).contains(PASSWORD); // else this proves nothing
    assertThat(text(shipped(Login.BY_A_FILE_OF_ITS_OWN))).doesNotContain(PASSWORD);
  }

  /** What is sent to Flink, and kept by it for when a JobManager is lost. */
  private byte[] shipped(Login login) throws Exception {
    JobArguments arguments = arguments(login, PASSWORD);
    return InstantiationUtil.serializeObject(
        GradwatchJob.define(arguments.options(), arguments.flink()).getStreamGraph().getJobGraph());
  }

  private JobArguments arguments(Login login, String password) throws IOException {
    Path secret = folder.resolve("secret.properties");
    Files.writeString(secret, "password=" + password);
    Properties client = new Properties();
    client.putAll(
        kafka.scram(
            USER,
            switch (login) {
              case IN_THE_FILE -> password;
              case BY_A_FILE_OF_ITS_OWN -> "${file:" + secret + ":password}";
              case BY_VARIABLE -> "${env:GRADWATCH_TEST_PASSWORD}";
            }));
    Path file = folder.resolve("client.properties");
    try (Writer out = Files.newBufferedWriter(file)) {
      client.store(out, null);
    }
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--command-config", file.toString()));
    words.addAll(List.of("--bootstrap-server", client.getProperty("bootstrap.servers")));
    words.add("-D" + JobOptions.DISCOVERY_INTERVAL.name() + "=2 s");
    words.add("-D" + JobOptions.CHECKPOINT_INTERVAL.name() + "=200 ms");
    words.add("-D" + JobOptions.DELIVERY_TIMEOUT.name() + "=10 s");
    words.add("-D" + RestOptions.BIND_PORT.key() + "=" + restPort);
    onKafka.flink(1).toMap().forEach((name, value) -> words.add("-D" + name + "=" + value));
    return JobArguments.parse(words.toArray(String[]::new));
  }

  /** A page of Flink's web interface. */
  private record Page(String path, int status, String text) {}

  private List<Page> pages(JobClient job) throws Exception {
    String id = "jobs/" + job.getJobID();
    HttpClient http = HttpClient.newHttpClient();
    List<Page> pages = new ArrayList<>();
    for (String path :
        List.of(
            "config",
            "jobmanager/config",
            "jobmanager/environment",
            "taskmanagers",
            id,
            id + "/config",
            id + "/plan",
            id + "/exceptions",
            id + "/jobmanager/config",
            id + "/jobmanager/environment",
            id + "/checkpoints",
            id + "/checkpoints/config")) {
      URI uri = URI.create("http://127.0.0.1:" + restPort + "/v1/" + path);
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      pages.add(new Page(path, answer.statusCode(), answer.body()));
    }
    return pages;
  }

  private static String textOf(Path folder) {
    return Await.first("a look at all below " + folder, () -> look(folder));
  }

  /** Empty where a file vanished meanwhile, as those of older checkpoints do. */
  private static Optional<String> look(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(text(Files.readAllBytes(file)));
      }
    } catch (NoSuchFileException vanished) {
      return Optional.empty();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(all.toString());
  }

  /** One character a byte, whatever they are. */
  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  private static List<AclBinding> everything() {
    return Stream.of(
            ResourceType.TOPIC,
            ResourceType.GROUP,
            ResourceType.CLUSTER,
            ResourceType.TRANSACTIONAL_ID)
        .map(
            type ->
                new AclBinding(
                    new ResourcePattern(
                        type,
                        type == ResourceType.CLUSTER ? "kafka-cluster" : "*",
                        PatternType.LITERAL),
                    new AccessControlEntry(
                        "User:" + USER, "*", AclOperation.ALL, AclPermissionType.ALLOW)))
        .toList();
  }
}
