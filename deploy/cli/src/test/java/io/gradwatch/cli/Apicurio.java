package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The registry Apicurio in a process of its own, with what it is told in memory. It needs a newer
 * Java than we do: the one that {@code GRADWATCH_REGISTRY_JAVA} names ({@code .ci/run} sets it),
 * else any of Debian's folder that is new enough.
 */
final class Apicurio implements AutoCloseable {
  private static final Path PROGRAM = Path.of("target/apicurio/quarkus-run.jar");
  private static final Path JAVAS = Path.of("/usr/lib/jvm");
  private static final int LEAST_JAVA = 21;

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = Ports.free();
  private final Process process;

  private Apicurio(Path log) throws IOException {
    assertThat(PROGRAM).as("unpacked by -Pfull").exists();
    process =
        new ProcessBuilder(
                java(),
                "-Xmx512m",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + Ports.free(),
                "-jar",
                PROGRAM.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  /** One that answers. */
  static Apicurio start(Path log) throws IOException {
    Apicurio apicurio = new Apicurio(log);
    boolean answers = false;
    try {
      Await.until("Apicurio, which logs to " + log, Await.STARTING, apicurio::answers);
      answers = true;
    } finally {
      if (!answers) {
        apicurio.close();
      }
    }
    return apicurio;
  }

  /** Base of the API that is Confluent's. */
  String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  /** Sends a body to a path of the API and returns the answer's. */
  String ask(String method, String path, String json) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url() + path))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .method(method, BodyPublishers.ofString(json))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
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

  private boolean answers() throws InterruptedException {
    assertThat(process.isAlive()).as("Apicurio lives").isTrue();
    try {
      HttpRequest subjects = HttpRequest.newBuilder(URI.create(url() + "/subjects")).build();
      return client.send(subjects, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static String java() throws IOException {
    String named = System.getenv("GRADWATCH_REGISTRY_JAVA");
    if (named != null && !named.isEmpty()) {
      return named;
    }
    try (Stream<Path> found = Files.list(JAVAS)) {
      List<Path> recent = found.filter(Apicurio::isRecent).sorted().toList();
      assertThat(recent)
          .as("a Java of %d or newer in %s, or in GRADWATCH_REGISTRY_JAVA", LEAST_JAVA, JAVAS)
          .isNotEmpty();
      return recent.get(0).resolve("bin/java").toString();
    }
  }

  private static boolean isRecent(Path home) {
    try (Stream<String> lines = Files.lines(home.resolve("release"))) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("[^0-9.]", "").replaceAll("\\..*", ""))
          .anyMatch(version -> Integer.parseInt(version) >= LEAST_JAVA);
    } catch (IOException e) {
      return false;
    }
  }
}
