package io.gradwatch.jobs.kafka;

import io.gradwatch.jobs.records.ProducedRecord;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a {@link BestEffortSink}. A Kafka that does not answer costs the job at most a
 * tenth of its time: after a wait in vain, records are counted as lost without another one for a
 * while.
 */
final class BestEffortWriter
    implements CommittingSinkWriter<ProducedRecord, BestEffortSink.Nothing> {
  /** Metric: records that could not be written. */
  static final String LOST = "deadLettersLost";

  /** Longest wait for the topic to be known, or for room in the producer's buffer. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** Pause after a wait in vain. */
  private static final Duration PAUSE = LONGEST_WAIT.multipliedBy(10);

  private final KafkaProducer<byte[], byte[]> producer;
  private final ProcessingTimeService clock;
  private final Counter lost;

  /** Lost, and not counted yet: the producer tells on a thread of its own. */
  private final AtomicLong told = new AtomicLong();

  private volatile boolean waitedInVain;
  private long pauseEnds = Long.MIN_VALUE;

  BestEffortWriter(Properties settings, MetricGroup metrics, ProcessingTimeService clock) {
    Properties ours = new Properties();
    ours.putAll(settings);
    ours.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(LONGEST_WAIT.toMillis()));
    producer = new KafkaProducer<>(ours, new ByteArraySerializer(), new ByteArraySerializer());
    this.clock = clock;
    lost = metrics.counter(LOST);
  }

  @Override
  public void write(ProducedRecord record, Context context) {
    long now = clock.getCurrentProcessingTime();
    if (waitedInVain) {
      waitedInVain = false;
      pauseEnds = now + PAUSE.toMillis();
    }
    if (now < pauseEnds) {
      told.incrementAndGet();
    } else {
      var unused =
          producer.send(RawRecordWriter.toKafka(record, context.timestamp()), this::acknowledged);
    }
    count();
  }

  private void acknowledged(RecordMetadata where, @Nullable Exception failure) {
    if (failure != null) {
      told.incrementAndGet();
      if (failure instanceof TimeoutException) {
        waitedInVain = true;
      }
    }
  }

  @Override
  public void flush(boolean endOfInput) {
    producer.flush();
    count();
  }

  @Override
  public List<BestEffortSink.Nothing> prepareCommit() {
    return List.of();
  }

  private void count() {
    lost.inc(told.getAndSet(0));
  }

  @Override
  public void close() {
    producer.close(LONGEST_WAIT);
  }
}
