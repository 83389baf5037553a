package io.gradwatch.jobs.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The JobManager's REST interface, as little of it as is needed. */
final class FlinkRest {
  /** Above any stall: a request that is given up and met after all, as to stop, is met twice. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI root;
  private volatile String lastRefusal = "nothing was refused";

  FlinkRest(int port) {
    root = URI.create("http://127.0.0.1:" + port + "/v1/");
  }

  /** The answer; empty when there is none, as while there is no JobManager. */
  Optional<JsonNode> get(String path) {
    try {
      return answer(HttpRequest.newBuilder(root.resolve(path)).GET());
    } catch (IOException nobodyThere) {
      return Optional.empty();
    }
  }

  /** The answer; empty when there is none. */
  Optional<JsonNode> post(String path, JsonNode body) {
    return send("POST", path, body);
  }

  /** The answer; empty when there is none. */
  Optional<JsonNode> put(String path, JsonNode body) {
    return send("PUT", path, body);
  }

  private Optional<JsonNode> send(String method, String path, JsonNode body) {
    try {
      return answer(
          HttpRequest.newBuilder(root.resolve(path))
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body.toString())));
    } catch (IOException nobodyThere) {
      return Optional.empty();
    }
  }

  /** Uploads a jar; its id for {@code jars/ID/run}, or empty. */
  Optional<String> upload(Path jar) {
    String boundary = "part-of-the-upload";
    String head =
        """
        --%s\r
        Content-Disposition: form-data; name="jarfile"; filename="%s"\r
        Content-Type: application/x-java-archive\r
        \r
        """
            .formatted(boundary, jar.getFileName());
    try {
      BodyPublisher body =
          BodyPublishers.concat(
              BodyPublishers.ofString(head),
              BodyPublishers.ofFile(jar),
              BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
      return answer(
              HttpRequest.newBuilder(root.resolve("jars/upload"))
                  .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                  .POST(body))
          .map(answer -> Path.of(answer.path("filename").asText()).getFileName().toString());
    } catch (IOException nobodyThere) {
      return Optional.empty();
    }
  }

  private Optional<JsonNode> answer(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
      if (response.statusCode() / 100 == 2) {
        return Optional.of(read(response.body()));
      }
      lastRefusal =
          response.uri() + " -> " + response.statusCode() + " " + withoutFrames(response.body());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the JobManager", e);
    }
  }

  /** Flink answers with stack traces; what matters are their causes. */
  private static String withoutFrames(String body) {
    return body.replaceAll("\\\\n\\\\tat [^\\\\]*", "");
  }

  private static JsonNode read(String body) {
    try {
      return JSON.readTree(body.isEmpty() ? "{}" : body);
    } catch (IOException e) {
      throw new UncheckedIOException("the JobManager's answer is not JSON: " + body, e);
    }
  }

  /** The last answer that was a refusal, for messages. */
  String lastRefusal() {
    return lastRefusal;
  }

  /** An empty object to fill. */
  static ObjectNode object() {
    return JSON.createObjectNode();
  }
}
