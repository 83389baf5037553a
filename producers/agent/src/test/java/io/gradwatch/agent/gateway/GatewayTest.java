package io.gradwatch.agent.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.agent.gateway.Door.Answer;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real HTTP on the loopback address, without a Kafka behind it. */
@Timeout(600)
class GatewayTest {
  private static final String VISION = "token-of-the-vision-team";
  private static final String SPEECH = "token-of-the-speech-team";
  private static final int ROOM = 10;
  private static final int MOST_BYTES = 100_000;
  private static final GatewayLimits LIMITS =
      new GatewayLimits(
          MOST_BYTES, 5, 4 * MOST_BYTES, 4 * MOST_BYTES, 1 << 20, Duration.ofMinutes(5));

  private final Map<String, KeptEvents> outlets = new ConcurrentHashMap<>();

  @TempDir Path folder;
  private Gateway gateway;
  private Door door;

  @BeforeEach
  void open() throws IOException {
    Path tokens =
        Files.writeString(folder.resolve("tokens"), "vision " + VISION + "\nspeech " + SPEECH);
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    gateway = Gateway.start(options(tokens), this::outlet);
    door = new Door(gateway, VISION);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void takesARowIntoTheProjectOfTheToken() {
    Answer answer =
        door.post(
            "{\"run\":\"r\",\"step\":7,\"loss\":2.5,\"grad_norm\":\"NaN\",\"attempt\":3,"
                + "\"rank\":1,\"emitted_at\":1700000000123,\"project\":\"speech\"}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.text()).isEqualTo("{\"accepted\":1,\"events\":2}");
    assertThat(outlets).containsOnlyKeys("vision");
    List<TrainingEvent> events = outlets.get("vision").events();
    assertThat(events.get(0).getBody()).isInstanceOf(RunStarted.class);
    TrainingEvent step = events.get(1);
    assertThat(step.getRunId()).isEqualTo("r");
    assertThat(step.getStep()).isEqualTo(7);
    assertThat(step.getAttempt()).isEqualTo(3);
    assertThat(step.getRank()).isEqualTo(1);
    assertThat(step.getEmittedAt()).isEqualTo(1_700_000_000_123L);
    assertThat(((StepCompleted) step.getBody()).getLoss()).isEqualTo(2.5);
    assertThat(((StepCompleted) step.getBody()).getGradNorm()).isNaN();
  }

  @Test
  void takesArraysLinesAndGzip() {
    String rows = row("a", 1) + "\n" + row("b", 1) + "\n";

    assertThat(door.post("[" + row("a", 0) + "," + row("b", 0) + "]").text())
        .isEqualTo("{\"accepted\":2,\"events\":4}");
    assertThat(door.post("application/x-ndjson", rows).text())
        .isEqualTo("{\"accepted\":2,\"events\":2}");
    assertThat(
            door.send(
                    door.events()
                        .header("Content-Type", "application/json; charset=UTF-8")
                        .header("Content-Encoding", "gzip")
                        .POST(
                            BodyPublishers.ofByteArray(BodyTest.gzip(row("a", 2).getBytes(UTF_8)))))
                .text())
        .isEqualTo("{\"accepted\":1,\"events\":1}");
    assertThat(door.post("[]").text()).isEqualTo("{\"accepted\":0,\"events\":0}");
  }

  @Test
  void keepsTheRunsOfProjectsApart() {
    Door other = new Door(gateway, SPEECH);

    assertThat(door.post(row("r", 0)).body().get("events").asInt()).isEqualTo(2);
    assertThat(other.post(row("r", 0)).body().get("events").asInt()).isEqualTo(2);

    assertThat(outlets).containsOnlyKeys("vision", "speech");
  }

  @Test
  void takesNothingOfABatchWithARowThatIsWrong() {
    Answer answer =
        door.post("[" + row("a", 0) + ",{\"run\":\"b\",\"step\":1,\"loss\":\"no\\u001b[31m\"}]");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().get("error").asText()).isEqualTo("invalid");
    assertThat(answer.body().get("index").asInt()).isEqualTo(1);
    assertThat(answer.body().get("field").asText()).isEqualTo("loss");
    assertThat(answer.body().get("found").asText()).isEqualTo("no\uFFFD[31m");
    assertThat(answer.body().get("allowed").asText())
        .isEqualTo("a number, NaN, Infinity, -Infinity or nothing");
    assertThat(outlets).isEmpty();
    assertThat(door.post(row("a", 0)).body().get("events").asInt())
        .as("nothing of the batch was noted either")
        .isEqualTo(2);
  }

  @Test
  void takesNothingOfABatchThatTheQueueHasNoRoomFor() {
    door.post(rows("a", 0, 4)); // five events
    door.post(rows("a", 4, 4)); // four more, one is left

    Answer answer = door.post(row("b", 0));

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.response().headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.body().get("message").asText())
        .isEqualTo(
            "no room for 2 events: 9 wait for Kafka; nothing was taken, send it again later");
    assertThat(outlets.get("vision").events()).hasSize(9);
    assertThat(door.post(row("a", 8)).status()).isEqualTo(202);
    assertThat(metric("requests_refused_total{reason=\"queue_full\"}")).isEqualTo(1);
  }

  @Test
  void asksForOneTokenThatItKnows() {
    for (Answer answer :
        List.of(
            new Door(gateway, "").post(row("r", 0)),
            new Door(gateway, VISION + "x").post(row("r", 0)),
            new Door(gateway, "")
                .send(
                    new Door(gateway, "")
                        .events()
                        .header("Authorization", "Basic " + VISION)
                        .header("Content-Type", Door.JSON)
                        .POST(BodyPublishers.ofString(row("r", 0)))),
            door.send(
                door.events()
                    .header("Authorization", "Bearer " + SPEECH)
                    .header("Content-Type", Door.JSON)
                    .POST(BodyPublishers.ofString(row("r", 0)))))) {
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.response().headers().firstValue("WWW-Authenticate"))
          .contains("Bearer realm=\"gradwatch\"");
      assertThat(answer.text()).doesNotContain("team");
    }
    assertThat(outlets).isEmpty();
  }

  @Test
  void knowsItsRoutesAndTheirMethods() {
    assertThat(door.get("/").status()).isEqualTo(404);
    assertThat(door.get("/v1/events/").status()).isEqualTo(404);
    assertThat(door.get("/v1/../healthz").status()).isEqualTo(404);
    Answer get = door.get("/v1/events");
    assertThat(get.status()).isEqualTo(405);
    assertThat(get.response().headers().firstValue("Allow")).contains("POST");
    assertThat(door.send(door.request("/metrics").DELETE()).status()).isEqualTo(405);
    assertThat(door.send(door.request("/healthz").method("HEAD", BodyPublishers.noBody())).status())
        .isEqualTo(200);
    assertThat(door.get("/healthz?verbose").text()).isEqualTo("{\"alive\":true}");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, ''",
    "application/json; charset=latin1, ''",
    "'', ''",
    "application/json, br",
    "application/json, 'gzip, gzip'"
  })
  void takesNoOtherTypesAndEncodings(String type, String encoding) {
    var request = door.events().POST(BodyPublishers.ofString(row("r", 0)));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    if (!encoding.isEmpty()) {
      request.header("Content-Encoding", encoding);
    }

    assertThat(door.send(request).status()).isEqualTo(415);
  }

  @Test
  void takesNoMoreBytesOrRowsThanItSays() {
    String wide = row("r", 0).replace("}", ",\"note\":\"" + "x".repeat(MOST_BYTES) + "\"}");
    byte[] bomb = BodyTest.gzip(new byte[50 * MOST_BYTES]);

    assertThat(door.post(wide).status()).isEqualTo(413);
    assertThat(
            door.send(
                    door.events()
                        .header("Content-Type", Door.JSON)
                        .POST(
                            BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(wide.getBytes(UTF_8)))))
                .status())
        .as("in chunks, without a length")
        .isEqualTo(413);
    assertThat(
            door.send(
                    door.events()
                        .header("Content-Type", Door.JSON)
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(bomb)))
                .status())
        .isEqualTo(413);
    Answer rows = door.post(rows("r", 0, 6));
    assertThat(rows.status()).isEqualTo(413);
    assertThat(rows.body().get("message").asText())
        .isEqualTo("the body has more than 5 rows, the most; nothing was taken");
    assertThat(outlets).isEmpty();
    assertThat(metric("requests_refused_total{reason=\"too_large\"}")).isEqualTo(4);
    assertThat(metric("body_bytes")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[[[[[[[[[[[[[[[[", "{\"run\":\"r\",\"step\":1e999}", "\u0000"})
  void refusesHostileBodiesAndServesTheNext(String body) {
    Answer answer = door.post(body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().get("index").asInt()).isZero();
    assertThat(door.post(row("r", 0)).status()).isEqualTo(202);
  }

  @Test
  void refusesADeepBodyWithoutFallingOverIt() {
    assertThat(door.post("{\"run\":\"r\",\"step\":1,\"x\":" + "[".repeat(90_000)).status())
        .isEqualTo(400);
    assertThat(door.post("{\"run\":\"r\",\"step\":1,\"loss\":" + "9".repeat(90_000) + "}").status())
        .isEqualTo(400);
  }

  @Test
  void answersOneWhoPromisesMoreThanCanBe() throws IOException {
    String answer =
        door.raw(
            "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + VISION
                + "\r\nContent-Type: application/json\r\nContent-Length: 9999999999999\r\n\r\n"
                + "x".repeat(2 * MOST_BYTES + 100_000));

    assertThat(answer).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void servesOthersAfterOneWhoWentAwayInTheMiddle() throws Exception {
    try (Socket socket = door.connect()) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + VISION
                      + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"run\"")
                  .getBytes(UTF_8));
    }

    assertThat(door.post(row("r", 0)).status()).isEqualTo(202);
    io.gradwatch.broker.testing.Await.until(
        "the torn request to be counted",
        () -> metric("requests_refused_total{reason=\"torn\"}") == 1);
    assertThat(outlets.get("vision").events()).hasSize(2);
    assertThat(metric("body_bytes")).isZero();
  }

  @Test
  void countsWhatItDoesWithoutNamingRunsOrProjects() {
    door.post(rows("very-secret-run", 0, 3));
    door.post("{");
    Answer metrics = door.get("/metrics");

    assertThat(metrics.response().headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.text()).doesNotContain("secret", "vision");
    assertThat(metrics.text().lines())
        .allMatch(
            line ->
                line.matches("# (HELP|TYPE) gradwatch_gateway_[a-z_]+ .+")
                    || line.matches("gradwatch_gateway_[a-z_]+(\\{[a-z]+=\"[a-z_]+\"})? \\d+"));
    assertThat(metric("requests_taken_total")).isEqualTo(1);
    assertThat(metric("rows_taken_total")).isEqualTo(3);
    assertThat(metric("events_accepted_total")).isEqualTo(4);
    assertThat(metric("queue_events")).isEqualTo(4);
    assertThat(metric("runs_known")).isEqualTo(1);
    assertThat(metric("projects")).isEqualTo(1);
    assertThat(metric("token_file_valid")).isEqualTo(1);
    assertThat(metric("requests_refused_total{reason=\"invalid\"}")).isEqualTo(1);
  }

  @Test
  void takesRowsOfManyClientsAtOnceEachInItsOrder() throws Exception {
    outlets.put("vision", new KeptEvents(100_000));
    int clients = 8;
    int requests = 25;
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads =
        IntStream.range(0, clients)
            .mapToObj(
                client ->
                    new Thread(
                        () -> {
                          Door mine = new Door(gateway, VISION);
                          await(start);
                          for (int i = 0; i < requests; i++) {
                            mine.post(rows("run-" + client, 4 * i, 4));
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    Map<String, List<Long>> steps =
        outlets.get("vision").events().stream()
            .filter(event -> event.getBody() instanceof StepCompleted)
            .collect(
                Collectors.groupingBy(
                    TrainingEvent::getRunId,
                    Collectors.mapping(TrainingEvent::getStep, Collectors.toList())));
    assertThat(steps).hasSize(clients);
    assertThat(steps.values())
        .allMatch(s -> s.equals(IntStream.range(0, 4 * requests).asLongStream().boxed().toList()));
  }

  @Test
  void closesItsOutletsAndListensNoMore() {
    door.post(row("r", 0));

    gateway.close();
    gateway.close();

    assertThat(outlets.get("vision").isClosed()).isTrue();
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> door.get("/healthz")))
        .hasCauseInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void hearsProgramsOfThisMachineWithoutATokenAndNoPagesOfBrowsers() throws IOException {
    try (Gateway open = Gateway.start(options(null), this::outlet)) {
      Door mine = new Door(open, "");
      String body = row("r", 0);

      assertThat(mine.post(body).status()).isEqualTo(202);
      assertThat(outlets).containsOnlyKeys("home");
      assertThat(
              mine.send(
                      mine.events()
                          .header("Content-Type", Door.JSON)
                          .header("Origin", "http://evil.example")
                          .POST(BodyPublishers.ofString(body)))
                  .status())
          .isEqualTo(403);
      assertThat(
              mine.raw(
                  "POST /v1/events HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n"
                      + "Content-Type: application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body))
          .startsWith("HTTP/1.1 403 ");
    }
  }

  private Outlet outlet(String project) {
    return outlets.computeIfAbsent(project, name -> new KeptEvents(ROOM));
  }

  private static GatewayOptions options(Path tokens) {
    return new GatewayOptions(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        tokens,
        "home",
        null,
        null,
        false,
        LIMITS);
  }

  private long metric(String name) {
    String line =
        door.get("/metrics")
            .text()
            .lines()
            .filter(l -> l.startsWith("gradwatch_gateway_" + name + " "))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
  }

  private static String row(String run, long step) {
    return "{\"run\":\"" + run + "\",\"step\":" + step + ",\"loss\":1.5}";
  }

  private static String rows(String run, int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(step -> row(run, step))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
