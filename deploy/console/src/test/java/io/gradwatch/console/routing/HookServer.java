package io.gradwatch.console.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes CloudEvents, or does not. */
final class HookServer implements AutoCloseable {
  private final HttpServer server;
  private final List<JsonNode> taken = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private final AtomicInteger refused = new AtomicInteger();

  HookServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ObjectMapper mapper = new ObjectMapper();
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            JsonNode event = mapper.readTree(exchange.getRequestBody());
            if (status == 200) {
              taken.add(event);
            } else {
              refused.incrementAndGet();
            }
            exchange.sendResponseHeaders(status, -1);
          }
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** How it answers from now on. */
  void answer(int newStatus) {
    status = newStatus;
  }

  int refused() {
    return refused.get();
  }

  /** What it took, such as {@code opened resnet-1}. */
  List<String> taken() {
    return taken.stream()
        .map(
            event ->
                event.get("type").asText().replaceAll(".*\\.", "")
                    + " "
                    + event.at("/data/run").asText())
        .toList();
  }

  List<String> ids() {
    return taken.stream().map(event -> event.get("id").asText()).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
