package io.gradwatch.lab.latency;

import io.gradwatch.lab.timing.Percentiles;
import io.gradwatch.lab.timing.Schedule;
import io.gradwatch.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends events at a fixed rate, whatever becomes of them: an open loop. */
final class Generator {
  /** Header of the events that raise an alarm, by which their copies are known as well. */
  static final String RAISES = "raises";

  /** A rate as fast as the client goes. */
  static final double AT_ONCE = 1e8;

  private static final List<Header> RAISING = List.of(new RecordHeader(RAISES, new byte[0]));
  private static final long REST_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final ShortRuns runs;
  private final String bootstrapServers;

  Generator(ShortRuns runs, String bootstrapServers) {
    this.runs = runs;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * How it went.
   *
   * @param events sent
   * @param behindNanos how late each was handed to the client
   */
  record Result(long events, Percentiles behindNanos) {}

  /**
   * Sends so many, each when it is due; returns when the broker has them.
   *
   * @param first number of the first one
   */
  Result send(long first, long events, Schedule schedule) {
    long[] behind = new long[(int) events];
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int n = 0; n < events; n++) {
        long due = schedule.due(n);
        long now = System.nanoTime();
        while (now < due) {
          LockSupport.parkNanos(Math.min(REST_NANOS, due - now));
          now = System.nanoTime();
        }
        behind[n] = now - due;
        // What gets lost is missed: every alarm is asked for.
        var unused = producer.send(record(runs.turn(first + n)));
      }
    }
    return new Result(events, Percentiles.of(behind));
  }

  /** Sends these at once; returns when the broker has them. */
  void sendOnly(List<ShortRuns.Turn> turns) {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (ShortRuns.Turn turn : turns) {
        var unused = producer.send(record(turn));
      }
    }
  }

  private ProducerRecord<byte[], byte[]> record(ShortRuns.Turn turn) {
    return new ProducerRecord<>(
        Topics.events(Topics.DEFAULT_PROJECT),
        null,
        runs.key(turn),
        runs.value(turn),
        turn.raises() ? RAISING : List.of());
  }

  /** Small, frequent batches: those of many trainers, each of whom sends for itself. */
  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.LINGER_MS_CONFIG,
            1,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            128L << 20,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            60_000L),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
