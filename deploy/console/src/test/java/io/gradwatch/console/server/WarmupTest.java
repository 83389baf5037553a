package io.gradwatch.console.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WarmupTest {
  private static final String PAGE =
      "<link href=\"/static/a.css\"><script src=\"/static/b.js\"></script><a href=\"#main\">";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean refuses;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          if (refuses) {
            exchange.close();
            return;
          }
          byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(403, page.length); // no answer makes it stop
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void asksForWhatTheFleetNeedsBeforeAndAfterTheRunsWereRead() {
    AtomicInteger before = new AtomicInteger();
    AtomicInteger questions = new AtomicInteger();
    new Warmup(
            address(),
            () -> {
              before.compareAndSet(0, asked.size());
              return questions.incrementAndGet() == 3;
            },
            1)
        .run();
    assertThat(asked.subList(0, before.get()))
        .contains("/", "/static/a.css", "/static/b.js", "/api/v1/session", "/api/v1/fleet");
    assertThat(asked.subList(before.get(), asked.size()))
        .contains("/static/a.css", "/static/b.js", "/api/v1/session", "/api/v1/fleet");
    assertThat(questions).hasValue(3);
  }

  @Test
  void endsAtTheFirstQuestionThatIsNotAnswered() {
    new Warmup(
            address(),
            () -> {
              refuses = true;
              asked.clear();
              return true;
            },
            1)
        .run();
    assertThat(asked).isNotEmpty().allMatch(asked.get(0)::equals); // its client may try it again
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }
}
