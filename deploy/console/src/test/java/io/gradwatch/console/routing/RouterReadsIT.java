package io.gradwatch.console.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether a router says that it reads, and that it does not. */
@Timeout(600)
class RouterReadsIT {
  private static final Pattern LAST_READ =
      Pattern.compile("(?m)^gradwatch_router_last_read_timestamp_seconds (\\S+)$");

  /** Longer than Kafka takes to answer a fetch (0.5 s) and than a heartbeat takes to come (3 s). */
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final AtomicLong seconds = new AtomicLong(1_000_000);

  @Test
  void tellsWhenItLastReadAndStandsStillWhenKafkaIsGone() {
    try (KafkaCluster kafka = KafkaCluster.start()) {
      // No project yet: the group has nothing to give.
      kafka.createTopics(
          Topics.consoleSpecs().stream()
              .map(TopicSpec::name)
              .map(name -> new NewTopic(name, 1, (short) 1))
              .toList());
      try (Router router =
          Router.start(
              Configs.of(
                  """
                  targets:
                  - {name: ear, type: webhook, url: 'http://127.0.0.1:9/', secret: env:KEY, allow-private: true}
                  routes:
                  - {to: ear}
                  """),
              Map.of("bootstrap.servers", kafka.bootstrapServers()),
              options())) {
        awaitReadAt(router, seconds.get());
        awaitReadAt(router, seconds.incrementAndGet());

        kafka.close();
        // What was under way may still be taken.
        Await.until("it to stand still", () -> !reads(router));
        assertThat(lastRead(router)).isGreaterThanOrEqualTo(1_000_001);
      }
    }
  }

  private boolean reads(Router router) {
    long now = seconds.incrementAndGet();
    Await.pause(WAIT);
    return lastRead(router) == now;
  }

  private static void awaitReadAt(Router router, long second) {
    Await.until("it to read", () -> lastRead(router) == second);
  }

  private static double lastRead(Router router) {
    Matcher line = LAST_READ.matcher(router.metrics());
    assertThat(line.find()).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private RouterOptions options() {
    RouterOptions standard = RouterOptions.standard();
    InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());
    return new RouterOptions(
        "reads",
        null,
        standard.resolver(),
        standard.patience(),
        clock.withZone(ZoneOffset.UTC),
        standard.registry());
  }
}
