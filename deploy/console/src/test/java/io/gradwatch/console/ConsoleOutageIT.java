package io.gradwatch.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.EmbeddedKafka;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.model.Records;
import io.gradwatch.console.server.About;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A console whose Kafka goes away and comes back. */
@Timeout(600)
class ConsoleOutageIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);

  @TempDir private Path folder;

  @Test
  void saysThatItsKafkaIsAwayAndGoesOnWhenItIsBack() throws Exception {
    BrokerOptions broker = BrokerOptions.temporary().withDataFolder(folder).withPort(Ports.free());
    EmbeddedKafka kafka = EmbeddedKafka.start(broker);
    try {
      for (TopicSpec spec : Topics.allSpecs("default")) {
        kafka.createTopic(spec.name(), 1);
      }
      publish(kafka, "before");
      try (Console console = console(kafka.bootstrapServers())) {
        Await.until("the first run", () -> status(console, "/api/v1/runs/default/before") == 200);
        Await.until("ready", () -> status(console, "/readyz") == 200);
        try (BufferedReader stream = stream(console)) {
          kafka.close();
          assertThat(feedEvent(stream)).startsWith("{\"failure\":\"");
          Await.until("no longer ready", () -> status(console, "/readyz") == 503);
          assertThat(get(console, "/readyz").body()).startsWith("cannot read from Kafka: ");
          assertThat(get(console, "/metrics").body()).contains("gradwatch_console_reading 0\n");
          assertThat(status(console, "/healthz")).isEqualTo(200);
          assertThat(status(console, "/api/v1/runs/default/before")).isEqualTo(200);

          kafka = EmbeddedKafka.start(broker);
          publish(kafka, "after");
          Await.until("the next run", () -> status(console, "/api/v1/runs/default/after") == 200);
          String event = feedEvent(stream);
          while (!event.equals("{\"failure\":null}")) { // it was away for more than one reason
            event = feedEvent(stream);
          }
          Await.until("ready again", () -> status(console, "/readyz") == 200);
          Await.until(
              "reading again",
              () -> get(console, "/metrics").body().contains("gradwatch_console_reading 1\n"));
        }
      }
    } finally {
      kafka.close();
    }
  }

  private static void publish(EmbeddedKafka kafka, String run) {
    kafka.send(
        List.of(
            new ProducerRecord<>(
                Topics.events("default"),
                run.getBytes(StandardCharsets.UTF_8),
                CODEC.encode(Records.step(run, 0, 1, 1, 1)))));
  }

  private static Console console(String bootstrapServers) throws IOException {
    return Console.start(
        new ConsoleOptions(
            AccessOptions.loopback(),
            0,
            0,
            new FeedOptions(
                Map.of("bootstrap.servers", bootstrapServers, "default.api.timeout.ms", 20_000),
                true,
                null,
                Duration.ofMillis(200)),
            FleetLimits.standard(),
            InstantSource.system(),
            About.version("test")));
  }

  private static BufferedReader stream(Console console) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(console.url() + "/api/v1/stream"))
            .header("Accept", "text/event-stream")
            .build();
    InputStream body = HTTP.send(request, BodyHandlers.ofInputStream()).body();
    return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /** Data of the next event that says how reading goes. */
  private static String feedEvent(BufferedReader lines) throws IOException {
    boolean here = false;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      here |= line.equals("event: feed");
      if (here && line.startsWith("data: ")) {
        return line.substring("data: ".length());
      }
    }
    throw new IOException("the stream has ended");
  }

  private static int status(Console console, String path) throws Exception {
    return get(console, path).statusCode();
  }

  private static HttpResponse<String> get(Console console, String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(console.url() + path)).build(), BodyHandlers.ofString());
  }
}
