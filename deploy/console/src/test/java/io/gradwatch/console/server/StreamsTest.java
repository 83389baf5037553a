package io.gradwatch.console.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.console.access.Access;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.feed.FeedStatus;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.model.Records;
import io.javalin.Javalin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams over real HTTP, of a model that the test fills. */
@Timeout(300)
class StreamsTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final StreamLimits LIMITS = new StreamLimits(3, Duration.ofMillis(5), 4);

  private final Fleet fleet = new Fleet(FleetLimits.standard(), InstantSource.system());
  private volatile @Nullable String failure;
  private Streams streams;
  private Javalin server;

  @BeforeEach
  void start() {
    Doorkeeper doorkeeper =
        new Doorkeeper(new Access(AccessOptions.loopback(), InstantSource.system()));
    streams = new Streams(fleet, doorkeeper, () -> new FeedStatus(true, 0, 0, 0, failure), LIMITS);
    server =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.routes.before(doorkeeper::admit);
              config.routes.before("/stream", streams::admit);
              config.routes.sse("/stream", streams::begin);
              config.routes.exception(
                  RefusedException.class,
                  (refused, context) -> context.status(refused.status()).result(refused.detail()));
            });
    server.start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    streams.close();
    server.stop();
  }

  @Test
  void aStreamWithoutNewsSaysAgainAndAgainThatItStands() throws Exception {
    try (BufferedReader lines = open()) {
      assertThat(said(lines)).isEqualTo("event: fleet");
      assertThat(said(lines)).isEqualTo(": still here");
      assertThat(said(lines)).isEqualTo(": still here");
      fleet.apply("default", Records.step("run", 0, 1, 1, 1));
      String next = said(lines);
      while (next.equals(": still here")) { // those that were on their way
        next = said(lines);
      }
      assertThat(next).isEqualTo("event: fleet");
    }
  }

  @Test
  void tellsOnceWhenWhatIsShownCanNoLongerBeReadAndOnceWhenItCan() throws Exception {
    try (BufferedReader lines = open()) {
      assertThat(said(lines)).isEqualTo("event: fleet");
      failure = "the broker is away";
      assertThat(news(lines)).isEqualTo("event: feed {\"failure\":\"the broker is away\"}");
      assertThat(said(lines)).isEqualTo(": still here");
      try (BufferedReader late = open()) {
        assertThat(news(late)).startsWith("event: fleet");
        assertThat(news(late)).isEqualTo("event: feed {\"failure\":\"the broker is away\"}");
      }
      failure = null;
      assertThat(news(lines)).isEqualTo("event: feed {\"failure\":null}");
    }
  }

  @Test
  void oneListenerTooManyIsRefusedUntilAnotherGoes() throws Exception {
    List<BufferedReader> open = new ArrayList<>();
    for (int i = 0; i < LIMITS.mostListeners(); i++) {
      open.add(open());
    }
    // An answer begins before its listener is counted.
    Await.until("all are counted", () -> streams.listeners() == LIMITS.mostListeners());
    HttpResponse<InputStream> refused = ask();
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(new String(refused.body().readAllBytes(), StandardCharsets.UTF_8))
        .contains("there are 3 listeners already");
    open.get(0).close();
    // That it went is noticed when it is told that the stream still stands.
    Await.until("room", () -> streams.listeners() < LIMITS.mostListeners());
    open.set(0, open());
    for (BufferedReader each : open) {
      assertThat(said(each)).isEqualTo("event: fleet");
      each.close();
    }
    Await.until("no listener", () -> streams.listeners() == 0);
  }

  private BufferedReader open() throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = ask();
    assertThat(answer.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  private HttpResponse<InputStream> ask() throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/stream"))
            .header("Accept", "text/event-stream")
            .build(),
        BodyHandlers.ofInputStream());
  }

  /** The next line that begins an event or is a comment. */
  private static String said(BufferedReader lines) throws IOException {
    while (true) {
      String line = lines.readLine();
      assertThat(line).as("the stream goes on").isNotNull();
      if (line.startsWith("event: ") || line.startsWith(":")) {
        return line;
      }
    }
  }

  /** The next event, with its data. */
  private static String news(BufferedReader lines) throws IOException {
    String event = said(lines);
    while (event.startsWith(":")) {
      event = said(lines);
    }
    String data = lines.readLine();
    while (!data.startsWith("data: ")) {
      data = lines.readLine();
    }
    return event + " " + data.substring("data: ".length());
  }
}
