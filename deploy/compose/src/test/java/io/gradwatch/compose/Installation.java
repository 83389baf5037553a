package io.gradwatch.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.broker.testing.Await;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What compose.yaml describes, started under a name and on ports of its own. */
final class Installation implements AutoCloseable {
  /** All that can be started without a registry of images; Grafana has no package in Debian. */
  static final List<String> SERVICES =
      List.of(
          "kafka",
          "setup",
          "jobmanager",
          "taskmanager",
          "console",
          "router",
          "alertmanager",
          "prometheus");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Integer> ports = new TreeMap<>();
  private final List<String> compose = new ArrayList<>();
  private final Shell shell;
  private final HttpClient http = HttpClient.newHttpClient();

  private Installation() throws IOException {
    Map<String, String> environment = new TreeMap<>();
    for (String service :
        List.of("KAFKA", "FLINK", "CONSOLE", "ALERTMANAGER", "PROMETHEUS", "GRAFANA", "REGISTRY")) {
      int port = freePort();
      ports.put(service, port);
      environment.put("GRADWATCH_" + service + "_PORT", String.valueOf(port));
    }
    environment.put(
        "GRADWATCH_KAFKA_IMAGE",
        System.getenv().getOrDefault("GRADWATCH_TEST_KAFKA_IMAGE", "apache/kafka:4.3.1"));
    environment.put("GRADWATCH_JOB_IMAGE", Images.JOB);
    environment.put("GRADWATCH_CONSOLE_IMAGE", Images.CONSOLE);
    environment.put("GRADWATCH_ALERTMANAGER_IMAGE", Images.ALERTMANAGER);
    environment.put("GRADWATCH_PROMETHEUS_IMAGE", Images.PROMETHEUS);
    shell = new Shell(Path.of("").toAbsolutePath(), environment);
    boolean plugin = shell.attempt(List.of("docker", "compose", "version")).code() == 0;
    compose.addAll(plugin ? List.of("docker", "compose") : List.of("docker-compose"));
    compose.addAll(List.of("-f", "compose.yaml", "-p", "gradwatch-test-" + ports.get("KAFKA")));
  }

  /** Starts it; returns when the engine has, which is before all of it answers. */
  static Installation start() throws IOException {
    Installation installation = new Installation();
    try {
      List<String> up = new ArrayList<>(List.of("up", "--detach"));
      up.addAll(SERVICES);
      installation.compose(up);
      return installation;
    } catch (IllegalStateException e) {
      installation.close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** What {@code docker compose} writes to its standard output. */
  String compose(List<String> words) {
    List<String> command = new ArrayList<>(compose);
    command.addAll(words);
    return shell.run(command);
  }

  /** What a command in the container of a service writes. */
  String exec(String service, String... words) {
    List<String> command = new ArrayList<>(List.of("exec", "-T", service));
    command.addAll(List.of(words));
    return compose(command);
  }

  /** What the engine knows of the container of a service. */
  JsonNode inspect(String service) throws IOException {
    String id = compose(List.of("ps", "-q", service)).strip();
    return JSON.readTree(shell.run(List.of("docker", "inspect", id))).get(0);
  }

  /** Where trainers on this machine find Kafka. */
  String bootstrapServers() {
    return "127.0.0.1:" + ports.get("KAFKA");
  }

  /** Token of whoever may look and change. */
  String operatorToken() {
    String tokens = exec("console", "cat", "/var/lib/gradwatch/tokens");
    return tokens
        .lines()
        .filter(line -> line.startsWith("operator operator "))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElseThrow();
  }

  /**
   * What a service answers, when it answers 200.
   *
   * @param service CONSOLE, FLINK, ALERTMANAGER or PROMETHEUS
   * @param headers names and values by turns
   */
  Optional<JsonNode> get(String service, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(service) + path))
            .timeout(Await.LIVENESS);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200
          ? Optional.of(JSON.readTree(answer.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not yet, or not any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Stops and forgets all of it. What the services said comes first, when a test failed. */
  @Override
  public void close() {
    compose(List.of("--profile", "registry", "down", "--volumes", "--timeout", "5"));
  }

  /** The last lines that the services said. */
  String logs() {
    return compose(List.of("logs", "--no-color", "--tail=60"));
  }
}
