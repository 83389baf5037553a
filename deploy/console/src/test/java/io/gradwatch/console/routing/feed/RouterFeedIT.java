package io.gradwatch.console.routing.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.console.routing.Alarms;
import io.gradwatch.console.routing.Configs;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.delivery.RoutingState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.InMemorySchemaRegistry;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a router reads from a real Kafka while time passes as the test says. */
@Timeout(600)
class RouterFeedIT {
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** Each step of the feed asks twice at least what time it is. */
  private static final int MANY_LOOKS = 100;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong looks = new AtomicLong();
  private final Registry registry = new Registry();
  private final RouterConfig config =
      Configs.of(
          """
          targets:
          - {name: all, type: webhook, url: 'https://hook.example/', secret: 'env:KEY'}
          - {name: ada, type: webhook, url: 'https://hook.example/', secret: 'env:KEY'}
          routes:
          - {to: all, continue: true}
          - {to: ada, match: {owner: ada}}
          """);
  private final RoutingState state = new RoutingState(config, 100);

  @Test
  void asksARegistryThatIsAwayNowAndThenAndLetsAlarmsWaitForItOnlySoLong() throws Exception {
    try (KafkaCluster kafka = KafkaCluster.start()) {
      publish(kafka);
      RouterFeed feed =
          new RouterFeed(
              new Origin(Map.of("bootstrap.servers", kafka.bootstrapServers()), registry),
              "group",
              true,
              state,
              null,
              Clock.systemUTC(),
              this::nanos);
      Thread thread = new Thread(() -> run(feed), "feed");
      thread.start();
      try {
        awaitQuestions(1);
        pass(PAUSE.minusNanos(1));
        awaitQuestions(1);
        pass(Duration.ofNanos(1));
        awaitQuestions(2);
        assertThat(pending("all")).isZero();

        pass(LONGEST_WAIT.minus(PAUSE));
        awaitQuestions(3);
        assertThat(pending("all")).isZero();
        pass(Duration.ofNanos(1));
        Await.until("the alarm without tags", () -> pending("all") == 1);
        assertThat(pending("ada")).isZero();

        registry.away = false;
        awaitQuestions(3);
        assertThat(pending("ada")).isZero();
        pass(PAUSE);
        Await.until("the alarm by its owner", () -> pending("ada") == 1);
        assertThat(feed.undecodable().count()).isZero();
      } finally {
        feed.close();
        thread.join();
      }
    }
  }

  private long nanos() {
    looks.incrementAndGet();
    return nanos.get();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private int pending(String target) {
    return state.pending(config.targets().get(target), Instant.now()).size();
  }

  /** So often, and no more often while the feed goes on reading. */
  private void awaitQuestions(int count) {
    Await.until("question " + count, () -> registry.questions.get() >= count);
    long before = looks.get();
    Await.until("more of the feed's steps", () -> looks.get() > before + MANY_LOOKS);
    assertThat(registry.questions).hasValue(count);
  }

  private void publish(KafkaCluster kafka) {
    List<String> topics =
        Stream.concat(
                Topics.consoleSpecs().stream().map(TopicSpec::name),
                Stream.of(Topics.alarms("vision"), Topics.events("vision")))
            .toList();
    kafka.createTopics(topics.stream().map(name -> new NewTopic(name, 1, (short) 1)).toList());
    DivergenceAlarm alarm = Alarms.open(1, System.currentTimeMillis());
    byte[] run = alarm.getRunId().getBytes(UTF_8);
    TrainingEvent started =
        TrainingEvent.newBuilder()
            .setRunId(alarm.getRunId())
            .setEmittedAt(System.currentTimeMillis())
            .setBody(RunStarted.newBuilder().setOwner("ada").build())
            .build();
    RecordCodec<TrainingEvent> events =
        RecordCodec.of(TrainingEvent.class, registry.known, Framing.CONFLUENT);
    kafka.send(
        List.of(
            new ProducerRecord<>(
                Topics.events("vision"), run, events.encode(started, Topics.events("vision"))),
            new ProducerRecord<>(
                Topics.alarms("vision"),
                run,
                RecordCodec.of(DivergenceAlarm.class).encode(alarm))));
  }

  private static void run(RouterFeed feed) {
    try {
      feed.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Is away until it is not. */
  private static final class Registry implements SchemaRegistry {
    private final InMemorySchemaRegistry known = new InMemorySchemaRegistry();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean away = true;

    @Override
    public String schema(int id) {
      questions.incrementAndGet();
      if (away) {
        throw new UncheckedIOException(new IOException("the registry is away"));
      }
      return known.schema(id);
    }

    @Override
    public int id(String subject, Schema schema) {
      throw new IllegalStateException("a router registers nothing");
    }
  }
}
