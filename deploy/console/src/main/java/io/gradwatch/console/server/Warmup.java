package io.gradwatch.console.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server that has just started for what a browser will ask, so that the first visitor does
 * not wait while Java loads and compiles what answers. It has no more rights than anybody, and what
 * comes back does not matter.
 */
final class Warmup implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Warmup.class);
  private static final int ROUNDS = 3;
  private static final int MOST_WAITS = 600;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"");

  private static final List<String> DATA =
      List.of(
          "/api/v1/session",
          "/api/v1/alarms?status=OPEN&limit=1",
          "/api/v1/fleet?sort=need&order=desc&limit=100",
          "/api/v1/fleet?sort=run&order=asc&limit=2000");

  private final URI server;
  private final BooleanSupplier caughtUp;
  private final long waitMillis;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /**
   * Of a server at an address of this machine.
   *
   * @param caughtUp whether the runs that there are were read: asked for once at the start, and
   *     again then, when answers are of their real size
   * @param waitMillis between two questions whether they were, at most {@value #MOST_WAITS}
   */
  Warmup(URI server, BooleanSupplier caughtUp, long waitMillis) {
    this.server = server;
    this.caughtUp = caughtUp;
    this.waitMillis = waitMillis;
  }

  @Override
  public void run() {
    try {
      String page = new String(get("/", "identity"), StandardCharsets.UTF_8);
      List<String> paths =
          Stream.concat(LINK.matcher(page).results().map(link -> link.group(1)), DATA.stream())
              .toList();
      askFor(paths);
      for (int waits = 0; waits < MOST_WAITS && !caughtUp.getAsBoolean(); waits++) {
        Thread.sleep(waitMillis);
      }
      for (int round = 1; round < ROUNDS; round++) {
        askFor(paths);
      }
    } catch (IOException e) {
      LOG.debug("the warm-up ended early; visitors may wait a little longer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void askFor(List<String> paths) throws IOException, InterruptedException {
    for (String path : paths) {
      get(path, "gzip");
    }
  }

  private byte[] get(String path, String encoding) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(PATIENCE)
            .header("Accept-Encoding", encoding)
            .build();
    return client.send(request, BodyHandlers.ofByteArray()).body();
  }
}
