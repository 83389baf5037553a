package io.gradwatch.console.routing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gradwatch.console.routing.http.TargetClient.Patience;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that does what servers should not. */
@Timeout(300)
class TargetClientTest {
  private static final HttpMessage MESSAGE =
      new HttpMessage("/in", Map.of("X-Key", "1"), "application/json", "{\"a\":\"ü\"}");
  private static final Patience SHORT = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(2));

  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private TargetClient client(Answer answer) {
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          answer.to(exchange);
          exchange.close();
        });
    return client("http://target.example:" + server.getAddress().getPort() + "/base", SHORT);
  }

  private static TargetClient client(String url, Patience patience) {
    return new TargetClient(
        TargetAddress.of(url, true),
        host -> new InetAddress[] {InetAddress.getLoopbackAddress()},
        patience,
        Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC));
  }

  @Test
  void postsToTheAddressThatWasCheckedUnderTheNameThatWasWritten() throws Exception {
    StringBuilder seen = new StringBuilder();
    try (TargetClient client =
        client(
            exchange -> {
              seen.append(exchange.getRequestMethod())
                  .append(' ')
                  .append(exchange.getRequestURI())
                  .append(' ')
                  .append(exchange.getRequestHeaders().getFirst("Host").replaceAll(":.*", ""))
                  .append(' ')
                  .append(exchange.getRequestHeaders().getFirst("X-Key"))
                  .append(' ')
                  .append(
                      new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
              exchange.sendResponseHeaders(202, -1);
            })) {
      HttpReply reply = client.post(MESSAGE);
      assertThat(reply).isEqualTo(new HttpReply(202, "", null));
      assertThat(seen).hasToString("POST /base/in target.example 1 {\"a\":\"ü\"}");
    }
  }

  @Test
  void tellsHowLongItIsToBeLeftAlone() throws Exception {
    String[] values = {"7", "Sun, 22 Nov 2026 10:00:30 GMT", "-1", "soon", "99999999"};
    Duration[] expected = {
      Duration.ofSeconds(7), Duration.ofSeconds(30), null, null, Duration.ofHours(1)
    };
    try (TargetClient client =
        client(
            exchange -> {
              exchange.getResponseHeaders().set("Retry-After", values[requests.get() - 1]);
              exchange.sendResponseHeaders(429, -1);
            })) {
      for (Duration wait : expected) {
        assertThat(client.post(MESSAGE).retryAfter()).isEqualTo(wait);
      }
    }
  }

  @Test
  void triesNothingTwiceAndFollowsNoRedirect() throws Exception {
    try (TargetClient client =
        client(
            exchange -> {
              exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest");
              exchange.sendResponseHeaders(requests.get() == 1 ? 503 : 307, -1);
            })) {
      assertThat(client.post(MESSAGE).status()).isEqualTo(503);
      assertThat(client.post(MESSAGE).status()).isEqualTo(307);
      assertThat(requests).hasValue(2);
    }
  }

  @Test
  void readsNoMoreThanABitOfAnAnswerWithoutEnd() throws Exception {
    try (TargetClient client =
        client(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              byte[] much = new byte[1 << 20];
              try (OutputStream out = exchange.getResponseBody()) {
                while (!Thread.currentThread().isInterrupted()) {
                  out.write(much);
                }
              }
            })) {
      assertThat(client.post(MESSAGE).body()).hasSize(TargetClient.MOST_BYTES);
    }
  }

  @Test
  void doesNotWaitForWhoGivesAByteNowAndThen() {
    try (TargetClient client =
        client(
            exchange -> {
              exchange.sendResponseHeaders(200, 1_000_000);
              try (OutputStream out = exchange.getResponseBody()) {
                while (!Thread.currentThread().isInterrupted()) {
                  out.write('x');
                  out.flush();
                  Thread.sleep(50);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            })) {
      assertThatThrownBy(() -> client.post(MESSAGE)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void doesNotWaitForWhoNeverAnswersOrHangsUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TargetClient client = client("http://target.example:" + silent.getLocalPort(), SHORT)) {
      assertThatThrownBy(() -> client.post(MESSAGE)).isInstanceOf(IOException.class);
    }
    try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TargetClient client = client("http://target.example:" + rude.getLocalPort(), SHORT)) {
      threads.execute(
          () -> {
            try {
              rude.accept().close();
            } catch (IOException e) {
              return;
            }
          });
      assertThatThrownBy(() -> client.post(MESSAGE)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void checksTheAddressAtDeliveryToo() {
    TargetAddress address = TargetAddress.of("https://127.0.0.1:1/", false);
    try (TargetClient literal =
            new TargetClient(address, HostResolver.SYSTEM, SHORT, Clock.systemUTC());
        TargetClient name =
            new TargetClient(
                TargetAddress.of("http://inside.example:1/", true),
                host -> new InetAddress[] {InetAddress.getByName("169.254.169.254")},
                SHORT,
                Clock.systemUTC())) {
      assertThatThrownBy(() -> literal.post(MESSAGE)).isInstanceOf(RefusedAddressException.class);
      assertThatThrownBy(() -> name.post(MESSAGE)).isInstanceOf(RefusedAddressException.class);
    }
  }
}
