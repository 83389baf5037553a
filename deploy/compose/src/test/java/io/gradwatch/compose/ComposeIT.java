package io.gradwatch.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.producer.Overflow;
import io.gradwatch.producer.RunDescription;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.producer.StepReport;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The compose file as people start it, with our images and stand-ins for those of others. Grafana
 * is left out: nothing but a registry of images has it.
 */
@Tag("installed")
@Timeout(1_800)
@TestMethodOrder(OrderAnnotation.class)
class ComposeIT {
  private static final String RUN = "llm-7b";
  private static final long HEALTHY_STEPS = 300;
  private static final long ALL_STEPS = 360;
  private static final double DOUBLING_STEPS = 8;
  private static final double NOISE = 0.05;
  private static final long SEED = 7;

  private static Installation installation;
  private static String[] operator;

  @BeforeAll
  static void start() throws IOException {
    Images.build();
    installation = Installation.start();
    Await.until("the console to be ready", Await.STARTING, () -> health("console"));
    operator = new String[] {"Authorization", "Bearer " + installation.operatorToken()};
    Await.until("the job to run", Await.STARTING, () -> job().isPresent());
  }

  @AfterAll
  static void stop() throws IOException {
    if (installation != null) {
      Files.writeString(Path.of("target/compose.log"), installation.logs());
      installation.close();
    }
  }

  private static boolean health(String service) throws IOException {
    return installation.inspect(service).at("/State/Health/Status").asText().equals("healthy");
  }

  @Test
  @Order(1)
  void aDivergingRunIsSeenInTheConsoleAndToldToAlertmanager() {
    train(0, ALL_STEPS);

    JsonNode alarm =
        Await.first(
            "an alarm in the console",
            () ->
                elements(
                        installation.get("CONSOLE", "/api/v1/alarms?run=" + RUN, operator),
                        "alarms")
                    .filter(each -> each.path("severity").asText().equals("CRITICAL"))
                    .findFirst());
    assertThat(alarm.path("summary").asText()).contains("doubling every");

    JsonNode alert =
        Await.first(
            "the alert in Alertmanager",
            () ->
                elements(installation.get("ALERTMANAGER", "/api/v2/alerts"), "")
                    .filter(each -> each.at("/labels/severity").asText().equals("critical"))
                    .findFirst());
    assertThat(alert.at("/labels/run").asText()).isEqualTo(RUN);
    assertThat(alert.at("/labels/project").asText()).isEqualTo(Topics.DEFAULT_PROJECT);
    assertThat(alert.path("generatorURL").asText()).contains("/run/default/" + RUN);
  }

  @Test
  @Order(2)
  void prometheusReadsEveryPart() {
    Await.until(
        "every target to be up",
        () -> {
          List<String> health =
              elements(installation.get("PROMETHEUS", "/api/v1/targets"), "data/activeTargets")
                  .map(each -> each.at("/labels/job").asText() + " " + each.path("health").asText())
                  .sorted()
                  .toList();
          return health.containsAll(
              List.of(
                  "gradwatch-console up",
                  "gradwatch-jobmanager up",
                  "gradwatch-router up",
                  "gradwatch-taskmanager up"));
        });
    Await.until(
        "the job's own numbers",
        () ->
            elements(
                    installation.get(
                        "PROMETHEUS",
                        "/api/v1/query?query=sum(flink_taskmanager_job_task_operator_eventsDecoded)"),
                    "data/result")
                .findFirst()
                .isPresent());
  }

  @Test
  @Order(3)
  void aJobManagerThatIsReplacedGoesOnFromTheNewestCheckpoint() {
    Await.until("a checkpoint", () -> job().map(id -> counts(id, "completed") > 0).orElse(false));

    installation.compose(List.of("restart", "--timeout", "0", "jobmanager"));

    Await.until(
        "the job to go on", () -> job().map(id -> counts(id, "restored") == 1).orElse(false));
    train(ALL_STEPS, ALL_STEPS + 100);
    Await.until(
        "statistics of all steps",
        () ->
            installation
                .get("CONSOLE", "/api/v1/runs/default/" + RUN, operator)
                .map(run -> run.at("/statistics/steps_seen").asLong() >= ALL_STEPS + 50)
                .orElse(false));
  }

  @Test
  @Order(4)
  void ourContainersHaveNoRightsTheyDoNotNeed() throws IOException {
    for (String service : List.of("jobmanager", "taskmanager", "console", "router")) {
      JsonNode container = installation.inspect(service);
      assertThat(container.at("/Config/User").asText()).as(service).isEqualTo("9999:9999");
      assertThat(container.at("/HostConfig/ReadonlyRootfs").asBoolean()).as(service).isTrue();
      assertThat(container.at("/HostConfig/CapDrop").toString()).as(service).contains("ALL");
      assertThat(container.at("/HostConfig/SecurityOpt").toString())
          .as(service)
          .contains("no-new-privileges");
      assertThat(container.at("/HostConfig/Memory").asLong()).as(service).isPositive();
    }
  }

  @Test
  @Order(5)
  void nothingListensBeyondThisMachine() throws IOException {
    for (String service : Installation.SERVICES) {
      if (service.equals("setup")) {
        continue; // has ended
      }
      for (JsonNode binding : installation.inspect(service).at("/HostConfig/PortBindings")) {
        assertThat(binding.at("/0/HostIp").asText()).as(service).isEqualTo("127.0.0.1");
      }
    }
  }

  private static void train(long from, long to) {
    StepPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers(installation.bootstrapServers())
            .runId(RUN)
            .overflow(Overflow.WAIT)
            .build();
    Random random = new Random(SEED);
    publisher.started(from, RunDescription.create());
    for (long step = from; step < to; step++) {
      double growth = Math.pow(2, Math.max(0, step - HEALTHY_STEPS) / DOUBLING_STEPS);
      publisher.step(
          StepReport.of(step)
              .loss(2 + NOISE * random.nextGaussian())
              .gradNorm(growth * Math.exp(NOISE * random.nextGaussian())));
    }
    publisher.close(Await.LIVENESS);
  }

  /** Id of the job, when it runs. */
  private static Optional<String> job() {
    return elements(installation.get("FLINK", "/jobs/overview"), "jobs")
        .filter(each -> each.path("state").asText().equals("RUNNING"))
        .filter(each -> each.at("/tasks/running").asInt() == each.at("/tasks/total").asInt())
        .map(each -> each.path("jid").asText())
        .findFirst();
  }

  private static long counts(String job, String what) {
    return installation
        .get("FLINK", "/jobs/" + job + "/checkpoints")
        .map(each -> each.at("/counts/" + what).asLong())
        .orElse(0L);
  }

  private static Stream<JsonNode> elements(Optional<JsonNode> answer, String path) {
    JsonNode array = answer.map(each -> path.isEmpty() ? each : each.at("/" + path)).orElse(null);
    return array == null ? Stream.empty() : StreamSupport.stream(array.spliterator(), false);
  }
}
