package io.gradwatch.jobs.faults;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.jobs.Samples;
import io.gradwatch.wire.RecordEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events at a steady rate, as far as it is let. It waits for a broker that is away; none is
 * given up.
 */
final class Feed implements AutoCloseable {
  private static final int EVENTS_PER_SECOND = 1_000;
  private static final int TICKS_PER_SECOND = 50;

  private final List<Samples.Sent> events;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger allowed = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private int sent;

  Feed(String bootstrapServers, List<Samples.Sent> events) {
    this.events = events;
    int patience = (int) Await.LIVENESS.toMillis();
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                patience,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                patience),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    var unused =
        clock.scheduleAtFixedRate(
            this::sendSome, 0, 1_000_000 / TICKS_PER_SECOND, TimeUnit.MICROSECONDS);
  }

  private void sendSome() {
    try {
      int end = Math.min(allowed.get(), sent + EVENTS_PER_SECOND / TICKS_PER_SECOND);
      for (; sent < end; sent++) {
        Samples.Sent event = events.get(sent);
        var unused =
            producer.send(
                new ProducerRecord<>(
                    Samples.EVENTS, RecordEncoder.key(event.runId()), event.value()),
                (where, refused) -> {
                  if (refused == null) {
                    acknowledged.incrementAndGet();
                  } else {
                    failure.set(refused);
                  }
                });
      }
    } catch (RuntimeException e) {
      failure.set(e);
      throw e;
    }
  }

  /**
   * Lets it send up to a share of the events, and returns when they are in the topic.
   *
   * @throws IllegalStateException when the broker does not take them
   */
  void sendUpTo(double share) {
    int end = (int) Math.round(share * events.size());
    allowed.set(end);
    Await.until(
        "the broker to take %d events".formatted(end),
        () -> {
          Exception failed = failure.get();
          if (failed != null) {
            throw new IllegalStateException("the broker refused an event", failed);
          }
          return acknowledged.get() >= end;
        });
  }

  /** Lets it send up to a share of the events, and does not wait. */
  void allowUpTo(double share) {
    allowed.set((int) Math.round(share * events.size()));
  }

  @Override
  public void close() {
    clock.shutdownNow();
    producer.close(Duration.ZERO);
  }
}
