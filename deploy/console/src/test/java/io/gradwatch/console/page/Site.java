package io.gradwatch.console.page;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.console.Console;
import io.gradwatch.console.ConsoleOptions;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.server.About;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A console over a Kafka of its own into which a test writes what a pipeline would. */
final class Site implements AutoCloseable {
  private static final short REPLICAS = 1;

  private final KafkaCluster kafka;
  private final Console console;
  private final Map<Class<?>, RecordCodec<?>> codecs = new HashMap<>();
  private final List<ProducerRecord<byte[], byte[]>> pending = new ArrayList<>();
  private long sent;

  /**
   * Starts it.
   *
   * @param access who may come
   * @param projects projects whose topics there are
   */
  Site(AccessOptions access, List<String> projects) throws IOException {
    kafka = KafkaCluster.start();
    try {
      Stream<TopicSpec> specs =
          Stream.concat(
              Stream.of(Topics.sharedSpecs(), Topics.consoleSpecs()).flatMap(List::stream),
              projects.stream().flatMap(project -> Topics.specs(project).stream()));
      kafka.createTopics(
          specs
              .map(TopicSpec::name)
              .distinct()
              .map(name -> new NewTopic(name, 1, REPLICAS))
              .toList());
      console = console(kafka.bootstrapServers(), access);
    } catch (IOException | RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  /** A console over a Kafka. */
  static Console console(String bootstrapServers, AccessOptions access) throws IOException {
    return Console.start(
        new ConsoleOptions(
            access,
            0,
            0,
            new FeedOptions(
                Map.of("bootstrap.servers", bootstrapServers), true, null, Duration.ofSeconds(1)),
            FleetLimits.standard(),
            InstantSource.system(),
            new About("test", "https://runbook.example/#{kind}")));
  }

  /** Where its Kafka is. */
  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Adds a record to those to be sent. */
  <T extends SpecificRecord> void write(String topic, String key, Class<T> type, T record) {
    @SuppressWarnings("unchecked") // put under its own type
    RecordCodec<T> codec =
        (RecordCodec<T>) codecs.computeIfAbsent(type, unused -> RecordCodec.of(type));
    pending.add(
        new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), codec.encode(record)));
  }

  /**
   * Sends what was written and returns when the console has read it. What trainers tell goes first,
   * as a pipeline could have made the rest of nothing else.
   */
  void flush() {
    Map<Boolean, List<ProducerRecord<byte[], byte[]>>> parts =
        pending.stream()
            .collect(
                Collectors.partitioningBy(
                    each -> Topics.EVENTS_PATTERN.matcher(each.topic()).matches()));
    pending.clear();
    send(parts.getOrDefault(true, List.of()));
    send(parts.getOrDefault(false, List.of()));
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records) {
    kafka.send(records);
    sent += records.size();
    Await.until("the console to read", () -> console.status().records() >= sent);
    if (console.status().refused() > 0) {
      throw new IllegalStateException(
          "the console refused " + console.status().refused() + " of the test's records");
    }
  }

  /** Address of a page. */
  String address(String path) {
    return console.url() + path;
  }

  @Override
  public void close() {
    console.close();
    kafka.close();
  }
}
