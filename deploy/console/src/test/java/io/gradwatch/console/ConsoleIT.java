package io.gradwatch.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.access.Tokens;
import io.gradwatch.console.api.AlarmDetail;
import io.gradwatch.console.api.AlarmPage;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.FleetPage;
import io.gradwatch.console.api.HistogramPage;
import io.gradwatch.console.api.LayerMap;
import io.gradwatch.console.api.Problem;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.SeriesPage;
import io.gradwatch.console.api.SessionView;
import io.gradwatch.console.api.SilencePage;
import io.gradwatch.console.api.SilenceView;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.model.Records;
import io.gradwatch.console.server.About;
import io.gradwatch.console.server.Json;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.Severity;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console over a real Kafka and real HTTP. */
class ConsoleIT {
  private static final String TOKEN = "operator-token-0123456789";
  private static final String VIEWER = "viewer-token-0123456789";
  private static final String HOSTILE = "../a/..%2f<img src=x onerror=alert(1)> ☃\"'";
  private static final String ALARM = Records.id(1);

  @TempDir private static Path folder;
  private static KafkaCluster kafka;
  private static Console console;
  private static Console guarded;
  private static long step;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws IOException {
    kafka = KafkaCluster.start();
    // Begins before there is any topic: it is ready all the same, and finds them when they come.
    console = console(AccessOptions.loopback());
    Await.until("a console without topics is ready", () -> get("/readyz").statusCode() == 200);
    for (TopicSpec spec : Topics.allSpecs("default")) {
      kafka.createTopic(spec.name(), 2);
    }
    publish();
    Path tokens = folder.resolve("tokens");
    Files.writeString(tokens, "operator bob " + TOKEN + "\nviewer ada " + VIEWER + "\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    guarded = console(new AccessOptions("127.0.0.1", Tokens.read(tokens), null, null));
    Await.until(
        "what was published",
        () ->
            read("/api/v1/fleet", FleetPage.class).total() == 3
                && get("/api/v1/alarms/" + ALARM).statusCode() == 200
                && read("/api/v1/runs/default/run", RunDetail.class).row().step() == 99
                && read("/api/v1/runs/default/run", RunDetail.class).statistics() != null
                && get("/api/v1/incidents").body().contains(Records.id(7)));
  }

  @AfterAll
  static void stop() {
    guarded.close();
    console.close();
    kafka.close();
  }

  @Test
  void tellsTheFleetAndARun() throws Exception {
    FleetPage fleet = read("/api/v1/fleet?sort=run&limit=1&offset=2", FleetPage.class);
    assertThat(fleet.total()).isEqualTo(3);
    assertThat(fleet.runs()).extracting("run").containsExactly("run2");
    RunDetail run = read("/api/v1/runs/default/run", RunDetail.class);
    assertThat(run.row().owner()).isEqualTo("ada");
    assertThat(run.layers()).containsExactly("a", "b");
    assertThat(run.row().advisedThreshold()).isEqualTo(2.5);
    assertThat(run.alarms()).hasSize(1);
    assertThat(run.overflow().steps()).isEqualTo(100);
    SeriesPage series =
        read(
            "/api/v1/runs/default/run/series?names=loss&points=10&from=20&to=59", SeriesPage.class);
    assertThat(series.attempts().get(0).series().get("loss").steps()).hasSize(10).startsWith(20L);
    assertThat(read("/api/v1/runs/default/run/layers?kind=gradient", LayerMap.class).layers())
        .containsExactly("a", "b");
    assertThat(read("/api/v1/runs/default/run/histograms", HistogramPage.class).steps())
        .isNotEmpty();
    assertThat(get("/api/v1/compare?run=default/run&run=default%2Frun2").body())
        .startsWith("{\"runs\":[");
    assertThat(get("/api/v1/runs/default/run/report").statusCode()).isEqualTo(200);
    SessionView session = read("/api/v1/session", SessionView.class);
    assertThat(session.caughtUp()).isTrue();
    assertThat(session.runbook()).isEqualTo("https://runbook.example/#{kind}");
    assertThat(get("/api/v1/openapi.yaml").body()).startsWith("openapi: 3.1.0");
    assertThat(get("/metrics").body())
        .contains("gradwatch_console_runs{state=\"critical\"} 1", "gradwatch_console_reading 1");
    assertThat(get("/healthz").body()).isEqualTo("ok\n");
  }

  @Test
  void namesOfAnyCharactersAreFoundByTheirBase64() throws Exception {
    RunDetail run = read("/api/v1/runs/default/" + segment(HOSTILE), RunDetail.class);
    assertThat(run.row().run()).isEqualTo(HOSTILE);
    assertThat(
            get("/api/v1/compare?run=default/run&run="
                    + URLEncoder.encode("default/" + HOSTILE, StandardCharsets.UTF_8))
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/fleet?limit=2001 | limit is '2001', must be a whole number of 0 to 2000",
        "/fleet?offset=-1 | offset is '-1', must be a whole number of 0 to 2147483647",
        "/fleet?state=SAD | state is 'SAD', must be of [CRITICAL, SILENT, WATCH, HEALTHY, ENDED]",
        "/fleet?sort=size | sort is 'size', must be need",
        "/fleet?order=up | order is 'up', must be asc or desc",
        "/runs/default/run/series?points=0 | points is '0', must be a whole number of 1 to 2000",
        "/runs/default/run/series?from=x | from is 'x'",
        "/runs/default/run/layers?kind=x | kind is 'x', must be gradient, weight, update or zeros",
        "/runs/default/~! | the run after ~ is no Base64 of a URL",
        "/runs/UP/run | project is 'UP'",
        "/compare?run=default/run | run is given 1 times, must be 2 to 8 times",
        "/compare?run=a&run=b | run is 'a', must be project/run",
        "/alarms?limit=501 | limit is '501', must be a whole number of 0 to 500",
        "/alarms?status=x | status is 'x', must be of",
        "/silences?state=x | state is 'x', must be of ACTIVE, PENDING, EXPIRED",
        "/incidents?limit=501 | limit is '501'",
        "/stream?run=x | run is 'x', must be project/run",
      })
  void whatIsOutOfBoundsIsRefusedWithTheBound(String path, String detail) throws Exception {
    HttpResponse<String> answer = get("/api/v1" + path, "Accept", "text/event-stream");
    problem(answer, 400, detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/runs/default/none",
        "/api/v1/runs/default/none/series",
        "/api/v1/runs/default/none/layers",
        "/api/v1/runs/default/none/histograms",
        "/api/v1/compare?run=default/run&run=default/none",
        "/api/v1/alarms/none",
        "/api/v1/nothing",
        "/nothing",
        "/static/nothing.js"
      })
  void whatIsNotThereIsNotFound(String path) throws Exception {
    problem(get(path), 404, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/static/..%2fopenapi.yaml",
        "/static/%2e%2e/openapi.yaml",
        "/static/../openapi.yaml",
        "/static//etc/passwd",
        "/static/vendor/..%2f..%2fopenapi.yaml",
        "/static/%5c..%5copenapi.yaml",
        "/static/.%00.yaml",
        "/static/vendor;/../../openapi.yaml",
        "/static/..;/openapi.yaml"
      })
  void nothingOutsideThePagesFolderIsServed(String path) throws Exception {
    String answer = raw(console, "GET " + path + " HTTP/1.1", "Host: localhost");
    assertThat(answer).containsPattern("^HTTP/1.1 4\\d\\d ").doesNotContain("openapi: 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/alarms",
        "/static/app.css",
        "/api/v1/fleet",
        "/api/v1/none",
        "/healthz",
        "/api/v1/fleet?limit=x"
      })
  void everyAnswerSaysWhatABrowserMayDoWithIt(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
    if (path.startsWith("/api")) {
      assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }
  }

  @Test
  void anotherHostNameIsNotAnswered() throws Exception {
    for (String path : List.of("/", "/api/v1/fleet", "/healthz")) {
      assertThat(raw(console, "GET " + path + " HTTP/1.1", "Host: evil.example"))
          .startsWith("HTTP/1.1 403 ")
          .doesNotContain("\"run\"");
    }
  }

  @Test
  void changesNeedTheCsrfOfOurOwnPagesAndJson() throws Exception {
    String path = "/api/v1/alarms/" + ALARM + "/acknowledgement";
    String csrf = read("/api/v1/session", SessionView.class).csrf();
    problem(send(console, "PUT", path, "{}", "Content-Type", "application/json"), 403, "csrf");
    problem(
        send(console, "PUT", path, "{}", "X-Gradwatch-Csrf", csrf, "Content-Type", "text/plain"),
        415,
        "text/plain");
    problem(
        send(console, "PUT", path, "{}", "X-Gradwatch-Csrf", csrf, "Origin", "http://evil.example"),
        403,
        "origin");
    problem(change("PUT", path, "{\"who\":1}"), 400, "cannot be read");
    problem(change("PUT", path, "null"), 400, "null");
    problem(change("PUT", path, "{\"author\":\"" + "x".repeat(129) + "\"}"), 400, "at most 128");
    problem(change("PUT", path, "{\"note\":\"" + "x".repeat(5_000) + "\"}"), 400, "at most 4096");
    problem(change("PUT", "/api/v1/alarms/none/acknowledgement", "{}"), 404, "no alarm");
    assertThat(change("PUT", path, "{\"note\":\"" + "x".repeat(70_000) + "\"}").statusCode())
        .isEqualTo(413);
  }

  @Test
  void aBodyOfUnknownLengthIsBoundedAsWell() throws Exception {
    byte[] large = "x".repeat(300_000).getBytes(StandardCharsets.UTF_8);
    for (String path : List.of("/api/v1/silences", "/signin")) {
      HttpRequest request =
          HttpRequest.newBuilder(guarded.url().resolve(path))
              .header("Authorization", "Bearer " + TOKEN)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
              .build();
      try {
        assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).isIn(411, 413);
      } catch (IOException e) {
        // Refused and hung up on while it was still sending, which may cost it the answer.
        assertThat(e).hasMessageMatching("(?is).*(no bytes|reset|broken pipe|closed|eof).*");
      }
    }
  }

  @Test
  void nobodyUnknownCanHaveFilesParsed() throws Exception {
    HttpRequest parts =
        HttpRequest.newBuilder(guarded.url().resolve("/signin"))
            .header("Content-Type", "multipart/form-data; boundary=b")
            .POST(BodyPublishers.ofString("--b\r\n\r\nx\r\n--b--"))
            .build();
    problem(HTTP.send(parts, BodyHandlers.ofString()), 415, "multipart/form-data");
    HttpRequest large =
        HttpRequest.newBuilder(guarded.url().resolve("/signin"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("token=" + "x".repeat(100_000)))
            .build();
    problem(HTTP.send(large, BodyHandlers.ofString()), 413, "at most 65536");
  }

  @Test
  void rolesAndTokensDecide() throws Exception {
    String silences = "/api/v1/silences";
    assertThat(send(guarded, "GET", "/api/v1/fleet", null).statusCode()).isEqualTo(401);
    assertThat(send(guarded, "GET", "/metrics", null).statusCode()).isEqualTo(401);
    assertThat(send(guarded, "GET", "/healthz", null).statusCode()).isEqualTo(200);
    assertThat(bearer("GET", "/api/v1/fleet", null, "wrong-token-0123456789").statusCode())
        .isEqualTo(401);
    assertThat(bearer("GET", "/api/v1/fleet", null, VIEWER).statusCode()).isEqualTo(200);
    problem(bearer("POST", silences, silence("x"), VIEWER), 403, "role operator");
    HttpResponse<String> added = bearer("POST", silences, silence("x"), TOKEN);
    assertThat(added.statusCode()).isEqualTo(201);
    assertThat(Json.answer(added.body(), SilenceView.class).author()).isEqualTo("bob");
  }

  @Test
  void nothingIsAskedAheadForWhoMustSignIn() throws Exception {
    assertThat(send(guarded, "GET", "/", null).headers().firstValue("Link")).isEmpty();
    HttpResponse<String> known = bearer("GET", "/", null, VIEWER);
    assertThat(known.headers().firstValue("Link").orElse("")).startsWith("</api/v1/fleet?");
    // Else a browser that has signed out would go on with the header that it kept.
    String tag = known.headers().firstValue("ETag").orElseThrow();
    assertThat(send(guarded, "GET", "/", null, "If-None-Match", tag).statusCode()).isEqualTo(200);
  }

  @Test
  void aBrowserSignsInWithACookieThatScriptsCannotRead() throws Exception {
    HttpResponse<String> refused = form("/signin", "token=wrong-token-0123456789");
    assertThat(refused.headers().firstValue("Location")).hasValue("/?signin=refused");
    assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
    HttpResponse<String> answer = form("/signin", "token=" + TOKEN);
    assertThat(answer.statusCode()).isEqualTo(303);
    String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);
    String pair = cookie.substring(0, cookie.indexOf(';'));
    SessionView session =
        Json.answer(
            send(guarded, "GET", "/api/v1/session", null, "Cookie", pair).body(),
            SessionView.class);
    assertThat(session.name()).isEqualTo("bob");
    problem(
        send(
            guarded,
            "POST",
            "/api/v1/silences",
            silence("y"),
            "Cookie",
            pair,
            "Content-Type",
            "application/json"),
        403,
        "csrf");
    assertThat(
            send(
                    guarded,
                    "POST",
                    "/api/v1/silences",
                    silence("y"),
                    "Cookie",
                    pair,
                    "X-Gradwatch-Csrf",
                    session.csrf(),
                    "Content-Type",
                    "application/json")
                .statusCode())
        .isEqualTo(201);
    form("/signout", "", "Cookie", pair);
    assertThat(send(guarded, "GET", "/api/v1/session", null, "Cookie", pair).statusCode())
        .isEqualTo(401);
  }

  @Test
  void consolesAgreeOnWhatPeopleSayAndSoDoesOneThatStartsAgain() throws Exception {
    String path = "/api/v1/alarms/" + ALARM;
    AlarmView view =
        Json.answer(
            change("PUT", path + "/acknowledgement", "{\"author\":\"eve\",\"note\":\"mine\"}")
                .body(),
            AlarmView.class);
    assertThat(view.status()).isEqualTo(AlarmStatus.ACKNOWLEDGED);
    assertThat(
            change(
                    "PUT",
                    path + "/judgement",
                    "{\"verdict\":\"RIGHT\",\"actualOnsetStep\":5,\"failureStep\":50}")
                .statusCode())
        .isEqualTo(200);
    problem(change("PUT", path + "/judgement", "{\"verdict\":\"MAYBE\"}"), 400, "MAYBE");
    problem(
        change(
            "PUT",
            path + "/judgement",
            "{\"verdict\":\"RIGHT\",\"actualOnsetStep\":5,\"failureStep\":4}"),
        400,
        "failureStep is 4");
    Await.until(
        "the other console knows",
        () -> bearer("GET", path, null, TOKEN).body().contains("\"verdict\":\"RIGHT\""));
    assertThat(bearer("GET", path, null, TOKEN).body()).contains("\"author\":\"eve\"");
    assertThat(bearer("GET", "/api/v1/labels", null, TOKEN).body())
        .isEqualTo("{\"run\":{\"outcome\":\"diverged\",\"onset_step\":5,\"failure_step\":50}}");
    try (Console again = console(AccessOptions.loopback())) {
      Await.until("it has read what is there", () -> again.status().caughtUp());
      for (String same :
          List.of(
              "/api/v1/runs/default/run",
              "/api/v1/runs/default/run/series",
              "/api/v1/runs/default/run/layers",
              "/api/v1/runs/default/run/histograms",
              path,
              "/api/v1/incidents",
              "/api/v1/labels")) {
        Await.until(
            "the same answer to " + same,
            () -> send(again, "GET", same, null).body().equals(get(same).body()));
      }
    }
    assertThat(change("DELETE", path + "/acknowledgement", null).statusCode()).isEqualTo(200);
    assertThat(change("DELETE", path + "/judgement", null).statusCode()).isEqualTo(200);
    AlarmDetail after = read(path, AlarmDetail.class);
    assertThat(after.alarm().acknowledgement()).isNull();
    assertThat(after.alarm().judgement()).isNull();
  }

  @Test
  void silencesBeginAndEnd() throws Exception {
    HttpResponse<String> added = change("POST", "/api/v1/silences", silence("run2"));
    SilenceView silence = Json.answer(added.body(), SilenceView.class);
    assertThat(silence.matching()).isEqualTo(1);
    assertThat(read("/api/v1/alarms/" + Records.id(2), AlarmDetail.class).alarm().status())
        .isEqualTo(AlarmStatus.SILENCED);
    assertThat(read("/api/v1/silences?state=ACTIVE", SilencePage.class).silences())
        .contains(silence);
    assertThat(change("DELETE", "/api/v1/silences/" + silence.id(), null).body())
        .contains("\"state\":\"EXPIRED\"");
    assertThat(read("/api/v1/alarms/" + Records.id(2), AlarmDetail.class).alarm().status())
        .isEqualTo(AlarmStatus.OPEN);
    problem(change("DELETE", "/api/v1/silences/none", null), 404, "no silence");
  }

  @Test
  void aSilenceOfOneConsoleHoldsAtTheOthersAndAtOneThatStartsAgainUntilItIsLifted()
      throws Exception {
    String alarm = "/api/v1/alarms/" + Records.id(2);
    SilenceView silence =
        Json.answer(change("POST", "/api/v1/silences", silence("run2")).body(), SilenceView.class);
    Await.until(
        "the other console is silent",
        () -> bearer("GET", alarm, null, VIEWER).body().contains("\"status\":\"SILENCED\""));
    try (Console again = console(AccessOptions.loopback())) {
      Await.until("it has read what is there", () -> again.status().caughtUp());
      assertThat(send(again, "GET", "/api/v1/silences?state=ACTIVE", null).body())
          .contains(silence.id());
      assertThat(send(again, "GET", alarm, null).body()).contains("\"status\":\"SILENCED\"");
      // Lifted at another than it was made at: the newest that was said holds at all of them.
      assertThat(bearer("DELETE", "/api/v1/silences/" + silence.id(), null, TOKEN).statusCode())
          .isEqualTo(200);
      for (Console each : List.of(again, console)) {
        Await.until(
            "no longer silent",
            () -> send(each, "GET", alarm, null).body().contains("\"status\":\"OPEN\""));
      }
    }
  }

  @Test
  void consolesAgreeWhoAcknowledgedLastHoweverFastTheyAreToldSo() throws Exception {
    String path = "/api/v1/alarms/" + ALARM;
    for (int i = 0; i < 20; i++) {
      assertThat(
              change("PUT", path + "/acknowledgement", "{\"note\":\"" + i + " here\"}")
                  .statusCode())
          .isEqualTo(200);
      assertThat(
              bearer("PUT", path + "/acknowledgement", "{\"note\":\"" + i + " there\"}", TOKEN)
                  .statusCode())
          .isEqualTo(200);
      // Who said it sees it at once, and not what was said before once more.
      assertThat(bearer("GET", path, null, VIEWER).body()).contains(i + " there");
    }
    Await.until("the last one here", () -> get(path).body().contains("19 there"));
    assertThat(change("DELETE", path + "/acknowledgement", null).statusCode()).isEqualTo(200);
    assertThat(get(path).body()).contains("\"acknowledgement\":null");
    Await.until(
        "withdrawn there",
        () -> bearer("GET", path, null, VIEWER).body().contains("\"acknowledgement\":null"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"matchers\":[],\"endsAt\":99999999999999,\"note\":\"a\"} | days ahead",
        "{\"matchers\":[],\"endsAt\":1,\"note\":\"a\"} | must be after startsAt and now",
        "{\"matchers\":[],\"endsAt\":END,\"note\":\" \"} | note is blank",
        "{\"matchers\":[],\"endsAt\":END,\"note\":\"a\"} | 0 matchers",
        "{\"matchers\":[null],\"endsAt\":END,\"note\":\"a\"} | a matcher is null",
        "{\"matchers\":[{\"label\":\"x\",\"operator\":\"=\",\"value\":\"a\"}],\"endsAt\":END,\"note\":\"a\"} | label is 'x'",
        "{\"matchers\":[{\"label\":\"run\",\"operator\":\"~\",\"value\":\"a\"}],\"endsAt\":END,\"note\":\"a\"} | operator is '~'",
        "{\"matchers\":[{\"label\":\"run\",\"operator\":\"=~\",\"value\":\"(\"}],\"endsAt\":END,\"note\":\"a\"} | no regular expression",
        "{\"matchers\":[{\"label\":\"run\",\"operator\":\"=\",\"value\":\"\"}],\"endsAt\":END,\"note\":\"a\"} | empty value",
      })
  void silencesThatMakeNoSenseAreRefused(String body, String detail) throws Exception {
    String end = String.valueOf(System.currentTimeMillis() + 60_000);
    problem(change("POST", "/api/v1/silences", body.replace("END", end)), 400, detail);
  }

  @Test
  void streamsTellWhatChanges() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(console.url().resolve("/api/v1/stream?fleet=true"))
            .header("Accept", "text/event-stream")
            .build();
    HttpResponse<InputStream> stream = HTTP.send(request, BodyHandlers.ofInputStream());
    assertThat(stream.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    assertThat(stream.headers().firstValue("Content-Security-Policy")).isPresent();
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), console.url().getPort());
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      // One that asks for the same and never reads holds nobody up.
      slow.getOutputStream()
          .write(
              String.join(
                      "\r\n",
                      "GET /api/v1/stream?fleet=true HTTP/1.1",
                      "Host: localhost",
                      "Accept: text/event-stream",
                      "",
                      "")
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(awaitEvent(lines, "fleet")).contains("\"counts\"");
      kafka.send(
          List.of(
              record(
                  Topics.alarms("default"),
                  "run2",
                  Records.alarm(Records.id(2), "default", "run2", 5, Severity.WARNING, 3))));
      assertThat(awaitEvent(lines, "fleet")).contains("\"run\":\"run2\"");
      assertThat(awaitEvent(lines, "alarms")).contains(Records.id(2), "\"revision\":5");
    }
    Await.until(
        "listeners that went away are not counted",
        () -> {
          // A connection that is gone is noticed when something is written to it.
          kafka.send(
              List.of(
                  record(
                      Topics.events("default"),
                      "run2",
                      Records.step("run2", 0, 1_000 + step++, 1, 1))));
          return get("/metrics").body().contains("gradwatch_console_listeners 0");
        });
  }

  @Test
  void aStreamIsRefusedToWhoDoesNotReadStreams() throws Exception {
    problem(get("/api/v1/stream", "Accept", "application/json"), 406, "text/event-stream");
  }

  @Test
  void garbageIsPassedOverAndNewProjectsAreFound() throws Exception {
    long refused = console.status().refused();
    List<ProducerRecord<byte[], byte[]>> garbage = new ArrayList<>();
    List<String> topics =
        Stream.of(
                Topics.events("default"),
                Topics.alarms("default"),
                Topics.statistics("default"),
                Topics.recommendations("default"),
                Topics.INCIDENTS,
                Topics.SILENCES,
                Topics.ACKNOWLEDGEMENTS,
                Topics.JUDGEMENTS)
            .toList();
    for (String topic : topics) {
      garbage.add(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {7, 7, 7}));
      garbage.add(new ProducerRecord<>(topic, null, new byte[0]));
    }
    garbage.add(
        record(
            Topics.events("default"),
            "wild",
            Records.event(
                "wild",
                0,
                0,
                StepCompleted.newBuilder()
                    .setHistogram(new Log2Histogram(Integer.MIN_VALUE, List.of(1L), 0L, 0L))
                    .build())));
    garbage.add(record(Topics.events("default"), "", Records.step("", 0, 1, 1, 1)));
    garbage.add(record(Topics.events("default"), "back", Records.step("back", 0, -5, 1, 1)));
    kafka.send(garbage);
    kafka.createTopic(Topics.events("late"), 1);
    kafka.send(List.of(record(Topics.events("late"), "run", Records.step("run", 0, 1, 1, 1))));
    Await.until("the new project", () -> get("/api/v1/runs/late/run").statusCode() == 200);
    // One of the 19 has no key, which advice without a value or a run cannot be told from.
    Await.until("all refused", () -> console.status().refused() >= refused + 18);
    assertThat(console.status().failure()).isNull();
    kafka.deleteTopics(List.of(Topics.events("late")));
    assertThat(read("/api/v1/alarms", AlarmPage.class).total()).isEqualTo(2);
  }

  private static void publish() {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    String events = Topics.events("default");
    for (String run : List.of("run", "run2", HOSTILE)) {
      records.add(record(events, run, Records.event(run, 0, 0, Records.started("a", "b"))));
      for (int step = 0; step < 100; step++) {
        records.add(
            record(
                events,
                run,
                Records.event(
                    run,
                    0,
                    step,
                    StepCompleted.newBuilder()
                        .setLoss(1.0 / (step + 1))
                        .setGradNorm(1.0)
                        .setLayerGradNorms(List.of(1f, 2f))
                        .setHistogram(new Log2Histogram(0, List.of(1L), 0L, 0L))
                        .build())));
      }
    }
    records.add(
        record(
            Topics.statistics("default"),
            "run",
            Records.statistics("default", "run", 0, 50, 0.5, 1)));
    records.add(
        record(
            Topics.recommendations("default"), "run", Records.advice("default", "run", 60, 2.5)));
    records.add(
        record(
            Topics.alarms("default"),
            "run",
            Records.alarm(ALARM, "default", "run", 0, Severity.CRITICAL, 30)));
    records.add(
        record(
            Topics.alarms("default"),
            "run2",
            Records.alarm(Records.id(2), "default", "run2", 0, Severity.WARNING, 3)));
    records.add(
        record(
            Topics.INCIDENTS,
            Records.id(7),
            Records.incident(Records.id(7), 1, AlarmState.OPEN, Records.START)));
    kafka.send(records);
  }

  @SuppressWarnings("unchecked")
  private static <T extends SpecificRecord> ProducerRecord<byte[], byte[]> record(
      String topic, String key, T value) {
    return new ProducerRecord<>(
        topic,
        key.getBytes(StandardCharsets.UTF_8),
        RecordCodec.of((Class<T>) value.getClass()).encode(value));
  }

  private static Console console(AccessOptions access) throws IOException {
    return Console.start(
        new ConsoleOptions(
            access,
            0,
            0,
            new FeedOptions(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                true,
                null,
                Duration.ofMillis(200)),
            FleetLimits.standard(),
            InstantSource.system(),
            new About("test", "https://runbook.example/#{kind}")));
  }

  private static String silence(String run) {
    return "{\"matchers\":[{\"label\":\"run\",\"operator\":\"=\",\"value\":\""
        + run
        + "\"}],\"endsAt\":"
        + (System.currentTimeMillis() + 600_000)
        + ",\"note\":\"planned\"}";
  }

  private static String segment(String run) {
    return "~"
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(run.getBytes(StandardCharsets.UTF_8));
  }

  private static String awaitEvent(BufferedReader lines, String event) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals("event: " + event)) {
      line = lines.readLine();
    }
    String data = line == null ? null : lines.readLine();
    while (data != null && !data.startsWith("data: ")) {
      data = lines.readLine();
    }
    assertThat(data).as("data of %s", event).isNotNull();
    return data;
  }

  private static <T> T read(String path, Class<T> type) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return Json.answer(answer.body(), type);
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(console, "GET", path, null, headers);
  }

  private static HttpResponse<String> change(String method, String path, String body)
      throws Exception {
    String csrf = read("/api/v1/session", SessionView.class).csrf();
    return send(
        console, method, path, body, "X-Gradwatch-Csrf", csrf, "Content-Type", "application/json");
  }

  private static HttpResponse<String> bearer(String method, String path, String body, String token)
      throws Exception {
    return send(
        guarded,
        method,
        path,
        body,
        "Authorization",
        "Bearer " + token,
        "Content-Type",
        "application/json");
  }

  private static HttpResponse<String> form(String path, String body, String... more)
      throws Exception {
    List<String> headers = new ArrayList<>(List.of(more));
    headers.addAll(List.of("Content-Type", "application/x-www-form-urlencoded"));
    return send(guarded, "POST", path, body, headers.toArray(String[]::new));
  }

  private static HttpResponse<String> send(
      Console to, String method, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.url() + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  /** For what a proper client would not send. */
  private static String raw(Console to, String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.url().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          (String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void problem(HttpResponse<String> answer, int status, String detail)
      throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    Problem problem = Json.answer(answer.body(), Problem.class);
    assertThat(problem.status()).isEqualTo(status);
    assertThat(problem.detail()).contains(detail);
  }
}
