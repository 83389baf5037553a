package io.gradwatch.observability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's Prometheus with our configuration and rules, on this machine. */
final class RealPrometheus implements AutoCloseable {
  private static final String PROGRAM = "/usr/bin/prometheus";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;
  private final int port;

  private RealPrometheus(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param folder where it keeps everything
   * @param targets where each scrape configuration finds what it scrapes, by name
   */
  static RealPrometheus start(Path folder, Map<String, URI> targets) throws IOException {
    Files.copy(Rules.FILE, folder.resolve(Rules.FILE.getFileName()));
    Path config = folder.resolve("prometheus.json.yml");
    JSON.writeValue(config.toFile(), configuration(targets)); // JSON is YAML
    Path log = folder.resolve("log");
    int port = Ports.free();
    Process process =
        new ProcessBuilder(
                PROGRAM,
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    RealPrometheus prometheus = new RealPrometheus(process, log, port);
    Await.until("Prometheus", prometheus::isReady);
    return prometheus;
  }

  /** Ours, every second and with other targets, and nobody to tell. */
  private static Map<String, Object> configuration(Map<String, URI> targets) {
    Map<String, Object> config = Rules.map(Rules.yaml(Rules.CONFIG));
    config.remove("alerting");
    config.put("global", Map.of("scrape_interval", "1s", "evaluation_interval", "1s"));
    config.put(
        "scrape_configs",
        Rules.items(config.get("scrape_configs"))
            .map(scrape -> (String) Rules.map(scrape).get("job_name"))
            .map(name -> scrape(name, targets))
            .toList());
    return config;
  }

  private static Map<String, Object> scrape(String name, Map<String, URI> targets) {
    URI target = targets.get(name);
    if (target == null) {
      throw new IllegalArgumentException("nothing runs that " + name + " could scrape");
    }
    return Map.of(
        "job_name",
        name,
        "metrics_path",
        target.getPath(),
        "static_configs",
        List.of(Map.of("targets", List.of(target.getAuthority()))));
  }

  /** What an expression comes to now: one element a series. */
  JsonNode query(String expression) {
    return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .at("/data/result");
  }

  /** Every rule with how its last evaluation went. */
  List<JsonNode> rules() {
    return Dashboards.children(get("/api/v1/rules").path("data"), "groups")
        .flatMap(group -> Dashboards.children(group, "rules"))
        .toList();
  }

  private JsonNode get(String path) {
    try {
      HttpResponse<String> answer = send(path);
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(path + " was answered " + answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new IllegalStateException("Prometheus does not answer " + path + log(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private HttpResponse<String> send(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        BodyHandlers.ofString());
  }

  private boolean isReady() throws InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("Prometheus ended" + log());
    }
    try {
      return send("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String log() {
    try {
      return ": " + Files.readString(log);
    } catch (IOException e) {
      return "; it has no log: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
