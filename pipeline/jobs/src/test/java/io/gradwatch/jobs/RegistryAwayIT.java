package io.gradwatch.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpServer;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.InMemorySchemaRegistry;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.UndecodableException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job whose registry is down, then broken, then back: late, and nothing is lost or refused but
 * what the registry does not know or denies, and tells others.
 */
class RegistryAwayIT {
  private static final int STEPS = 100;
  private static final int UNKNOWN_ID = 77;
  private static final int DENIED_ID = 66;
  private static final RecordCodec<RunStatistics> STATISTICS = RecordCodec.of(RunStatistics.class);

  @TempDir private Path folder;
  private final InMemoryReporter metrics = InMemoryReporter.create();
  private final InMemorySchemaRegistry schemas = new InMemorySchemaRegistry();
  private final AtomicInteger status = new AtomicInteger(500);
  private final int port = Ports.free();
  private KafkaCluster kafka;
  private JobOnKafka job;
  private HttpServer server;

  @BeforeEach
  void start() {
    kafka = KafkaCluster.start();
    job = new JobOnKafka(kafka, folder);
    job.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
    kafka.close();
  }

  @Test
  void restartsTheJobUntilItAnswersAndRefusesOnlyWhatItDoesNotTell() throws Exception {
    List<Samples.Sent> events = confluent(Samples.explodingRun("run", STEPS));
    byte[] unknown = events.get(1).value().clone();
    unknown[4] = UNKNOWN_ID;
    byte[] denied = unknown.clone();
    denied[4] = DENIED_ID;
    job.send(events);
    job.send(List.of(new Samples.Sent("run", unknown), new Samples.Sent("run", denied)));
    Configuration flink = metrics.addToConfiguration(job.flink(1));
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
    JobClient client =
        GradwatchJob.start(
            job.options(
                JobOptions.REGISTRY_URL.name(),
                "http://127.0.0.1:" + port,
                JobOptions.REGISTRY_TIMEOUT.name(),
                "1 s"),
            flink);

    Await.until("a restart while the registry is down", () -> restarts(client) > 0);
    startRegistry();
    long before = restarts(client);
    Await.until("a restart while it answers 500", () -> restarts(client) > before + 1);
    assertThat(letters()).isEmpty();

    status.set(200);
    kafka.readUntil(
        Topics.statistics(Topics.DEFAULT_PROJECT),
        IsolationLevel.READ_COMMITTED,
        records -> records.stream().anyMatch(record -> stepsSeen(record.value()) >= STEPS));
    Await.until("both dead letters", () -> ids(letters()).equals(Set.of(UNKNOWN_ID, DENIED_ID)));
    assertThat(letters())
        .allSatisfy(
            letter -> {
              assertThat(letter.value()).isIn(unknown, denied);
              assertThat(letter.headers().lastHeader(DeadLetters.REASON).value())
                  .isEqualTo(Reason.UNKNOWN_SCHEMA.name().getBytes(UTF_8));
            });
    JobOnKafka.cancel(client);
  }

  /** The same events in Confluent framing. */
  private List<Samples.Sent> confluent(List<Samples.Sent> events) throws RecordFormatException {
    RecordCodec<TrainingEvent> plain = RecordCodec.of(TrainingEvent.class);
    RecordCodec<TrainingEvent> framed =
        RecordCodec.of(TrainingEvent.class, schemas, Framing.CONFLUENT);
    List<Samples.Sent> all = new ArrayList<>();
    for (Samples.Sent event : events) {
      all.add(
          new Samples.Sent(
              event.runId(), framed.encode(plain.decode(event.value()), Samples.EVENTS)));
    }
    return all;
  }

  private void startRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/schemas/ids/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          int id = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
          String schema = schemas.schema(id);
          int refusal = id == DENIED_ID ? 403 : 404;
          int code = status.get() == 200 && schema == null ? refusal : status.get();
          String body =
              schema == null
                  ? "{\"error_code\":" + refusal + "03,\"message\":\"no\"}"
                  : "{\"schema\":" + quoted(schema) + "}";
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(code, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  private static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }

  private List<ConsumerRecord<byte[], byte[]>> letters() {
    return kafka.readAll(Topics.DEAD_LETTERS, IsolationLevel.READ_COMMITTED);
  }

  private static Set<Integer> ids(List<ConsumerRecord<byte[], byte[]>> letters) {
    return letters.stream().map(letter -> (int) letter.value()[4]).collect(Collectors.toSet());
  }

  private long restarts(JobClient client) {
    Map<String, Metric> found = metrics.findMetrics(client.getJobID(), "numRestarts");
    return found.values().stream()
        .mapToLong(metric -> ((Number) ((Gauge<?>) metric).getValue()).longValue())
        .max()
        .orElse(0);
  }

  private static long stepsSeen(byte[] value) {
    try {
      return STATISTICS.decode(value).getStepsSeen();
    } catch (RecordFormatException e) {
      throw new AssertionError(e);
    }
  }
}
