package io.gradwatch.console.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Severity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A router and the real Alertmanager, that of Debian. */
@Tag("installed")
@Timeout(600)
class AlertmanagerIT {
  private static final String PROGRAM = "/usr/bin/prometheus-alertmanager";
  private static KafkaCluster kafka;
  private static RoutedTopics topics;

  @TempDir private Path folder;
  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;
  private Process alertmanager;
  private Router router;

  @BeforeAll
  static void startKafka() {
    kafka = KafkaCluster.start();
    topics = RoutedTopics.in(kafka);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @BeforeEach
  void start() throws Exception {
    port = Ports.free();
    Files.writeString(
        folder.resolve("alertmanager.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n");
    startAlertmanager();
  }

  @AfterEach
  void stop() throws Exception {
    if (router != null) {
      router.close();
    }
    stopAlertmanager();
  }

  private void startAlertmanager() throws Exception {
    alertmanager =
        new ProcessBuilder(
                PROGRAM,
                "--config.file=" + folder.resolve("alertmanager.yml"),
                "--storage.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Await.until("Alertmanager", this::isReady);
  }

  private void stopAlertmanager() throws InterruptedException {
    alertmanager.destroy();
    alertmanager.waitFor();
  }

  private boolean isReady() throws InterruptedException {
    assertThat(alertmanager.isAlive()).as("Alertmanager lives").isTrue();
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private java.net.http.HttpResponse<String> get(String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        BodyHandlers.ofString());
  }

  /** Alerts that are active, of one run or of all. */
  private List<JsonNode> active(String run) throws Exception {
    List<JsonNode> alerts = new ArrayList<>();
    for (JsonNode alert : mapper.readTree(get("/api/v2/alerts").body())) {
      if (run.isEmpty() || alert.at("/labels/run").asText().equals(run)) {
        alerts.add(alert);
      }
    }
    return alerts;
  }

  private void startRouter(String group) {
    RouterConfig config =
        Configs.of(
            """
            console-url: https://console.example
            targets:
            - {name: %s, type: alertmanager, url: 'http://127.0.0.1:%d', allow-private: true,
               resend: 1s, labels: {team: ml}}
            routes:
            - {to: %s, match: {run: '=~ %s-.*'}}
            """
                .formatted(group, port, group, group));
    router = Router.start(config, topics.client(), RouterOptions.standard().withGroup(group));
  }

  private static DivergenceAlarm alarm(String run, int number) {
    DivergenceAlarm alarm = Alarms.open(number, System.currentTimeMillis());
    alarm.setRunId(run);
    return alarm;
  }

  @Test
  void anAlarmAppearsStaysGrowsAndEnds() throws Exception {
    startRouter("life");
    DivergenceAlarm alarm = Alarms.as(alarm("life-1", 1), Severity.WARNING, 0);
    topics.send(alarm);
    Await.until("the alert", () -> active("life-1").size() == 1);
    JsonNode alert = active("life-1").get(0);
    assertThat(alert.at("/labels/alertname").asText()).isEqualTo("GradwatchExplodingGradient");
    assertThat(alert.at("/labels/severity").asText()).isEqualTo("warning");
    assertThat(alert.at("/labels/team").asText()).isEqualTo("ml");
    assertThat(alert.at("/labels/alarm_id").asText()).isEqualTo(Alarms.id(1));
    assertThat(alert.at("/annotations/summary").asText()).startsWith("WARNING life-1 (vision): ");
    assertThat(alert.get("generatorURL").asText())
        .isEqualTo("https://console.example/run/vision/life-1?step=4310");

    String ends = alert.get("endsAt").asText();
    Await.until("it again", () -> !active("life-1").get(0).get("endsAt").asText().equals(ends));

    topics.send(Alarms.as(alarm, Severity.CRITICAL, 1));
    Await.until(
        "the rise",
        () -> {
          List<JsonNode> now = active("life-1");
          return now.size() == 1 && now.get(0).at("/labels/severity").asText().equals("critical");
        });
    topics.send(
        Alarms.resolved(Alarms.as(alarm, Severity.CRITICAL, 1), System.currentTimeMillis()));
    Await.until("its end", () -> active("life-1").isEmpty());
  }

  @Test
  void anAlertmanagerThatWasAwayLearnsWhatIsOpenAndNothingElse() throws Exception {
    startRouter("away");
    stopAlertmanager();
    DivergenceAlarm over = alarm("away-over", 2);
    topics.send(over, alarm("away-open", 3));
    Await.until("a try", () -> router.metrics().contains("{target=\"away\",outcome=\"retry\"} 1"));
    topics.send(Alarms.resolved(over, System.currentTimeMillis()));
    startAlertmanager();
    Await.until("what is open", () -> active("away-open").size() == 1);
    assertThat(active("away-over")).isEmpty();
  }

  @Test
  void aStormIsTakenWhole() throws Exception {
    startRouter("storm");
    topics.send(
        IntStream.range(1_000, 1_500)
            .mapToObj(i -> alarm("storm-" + i, i))
            .toArray(DivergenceAlarm[]::new));
    Await.until("all of it", () -> active("").size() == 500);
  }
}
