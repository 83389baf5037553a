package io.gradwatch.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gradwatch.cli.CommandRun;
import io.gradwatch.console.api.Problem;
import io.gradwatch.console.api.SessionView;
import io.gradwatch.console.server.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers as a console does, with what a test laid ready, and remembers what it was asked of its
 * interface.
 */
final class StubConsole implements AutoCloseable {
  /** One question. */
  record Asked(
      String method, String uri, String body, @Nullable String csrf, @Nullable String token) {}

  private record Ready(int status, byte[] body) {}

  private final HttpServer server;
  private final Map<String, Deque<Ready>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new ArrayList<>();

  StubConsole() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    on(
        "GET /session",
        new SessionView("", "OPERATOR", "LOOPBACK", "the-csrf", "1", "", 1_000_000, true));
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Lays an answer ready; of several for one question the last is given again and again. */
  StubConsole on(String methodAndPath, Object record) {
    return on(methodAndPath, 200, Json.bytes(record));
  }

  StubConsole refuse(String methodAndPath, int status, String detail) {
    return on(methodAndPath, status, Json.bytes(new Problem(status, "No", detail)));
  }

  StubConsole on(String methodAndPath, int status, byte[] body) {
    answers.computeIfAbsent(methodAndPath, key -> new ArrayDeque<>()).add(new Ready(status, body));
    return this;
  }

  /** Runs a command against it. */
  CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--console=" + url());
    return CommandRun.of(all.toArray(String[]::new));
  }

  synchronized Asked last() {
    return asked.get(asked.size() - 1);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String uri = exchange.getRequestURI().toString();
    String path = exchange.getRequestURI().getRawPath().replaceFirst("^/api/v1", "");
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (path.equals("/readyz")) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
    } else {
      remember(exchange, uri, body);
    }
    Deque<Ready> ready = answers.get(exchange.getRequestMethod() + " " + path);
    Ready answer =
        ready == null
            ? new Ready(404, Json.bytes(new Problem(404, "No", "nothing lies ready for " + path)))
            : ready.size() > 1 ? ready.remove() : ready.element();
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    exchange.getResponseBody().write(answer.body());
    exchange.close();
  }

  private void remember(HttpExchange exchange, String uri, String body) {
    asked.add(
        new Asked(
            exchange.getRequestMethod(),
            uri,
            body,
            exchange.getRequestHeaders().getFirst("X-Gradwatch-Csrf"),
            exchange.getRequestHeaders().getFirst("Authorization")));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
