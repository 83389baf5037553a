package io.gradwatch.producer;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Limits;
import io.gradwatch.schemas.RunIds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * The sender thread: connects, takes events from the queue, encodes and sends them. Everything that
 * can wait or fail happens here, and no exception of one event ends it. Ends when the publisher is
 * closing and the queue is empty, or when it is interrupted because the time to close ran out.
 */
final class EventSender implements Runnable {
  /**
   * How long the sender rests when there is nothing to send. Nobody wakes it, so this is what an
   * event may wait, a fifth of what Kafka's client then waits for more; 100 rests a second take a
   * thousandth of a processor.
   */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long CLOSE_MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final String topic;
  private final EventQueue queue;
  private final Supplier<Link> connect;
  private final Duration reconnect;
  private final CountDownLatch closing;
  private final Counters counters;
  private final SparseLog log;
  private volatile long deadlineNanos;

  EventSender(
      String topic,
      EventQueue queue,
      Supplier<Link> connect,
      Duration reconnect,
      CountDownLatch closing,
      Counters counters,
      SparseLog log) {
    this.topic = topic;
    this.queue = queue;
    this.connect = connect;
    this.reconnect = reconnect;
    this.closing = closing;
    this.counters = counters;
    this.log = log;
  }

  /** Until when the sender may flush once closing has begun, on the clock of nanoTime. */
  void closeBy(long nanos) {
    deadlineNanos = nanos;
  }

  @Override
  public void run() {
    try {
      Link link = connected();
      if (link != null) {
        serve(link);
      }
    } catch (InterruptedException e) {
      return; // the publisher's close gave up; the thread ends here
    }
  }

  /** Connects, however long it takes; null when the publisher closes before. */
  private @Nullable Link connected() throws InterruptedException {
    do {
      try {
        return connect.get();
      } catch (RuntimeException e) { // Kafka's, or of the registry's client
        log.warn("cannot connect", "trying again in " + reconnect.toSeconds() + " s", e);
      }
    } while (!closing.await(reconnect.toMillis(), TimeUnit.MILLISECONDS));
    return null;
  }

  private void serve(Link link) throws InterruptedException {
    Duration patience = Duration.ZERO;
    try {
      while (closing.getCount() > 0 || !queue.isEmpty()) {
        requireNotInterrupted();
        QueuedEvent event = queue.poll();
        if (event == null) {
          rest();
        } else {
          send(link, event);
        }
      }
      patience =
          Duration.ofNanos(Math.max(0, deadlineNanos - CLOSE_MARGIN_NANOS - System.nanoTime()));
    } finally {
      link.producer().close(patience);
    }
  }

  /** Until the time is over, or the publisher closes or waits for room. */
  private void rest() throws InterruptedException {
    LockSupport.parkNanos(this, REST_NANOS);
    requireNotInterrupted();
  }

  /**
   * Also where there is work: the publisher's close gave up, and closing the client must not wait.
   */
  private static void requireNotInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private void send(Link link, QueuedEvent event) throws InterruptedException {
    ProducerRecord<byte[], byte[]> record;
    try {
      record = record(link, event.complete());
    } catch (RuntimeException e) { // whatever the event does to its encoder, the next one is sent
      counters.drop(DropCause.INVALID, 1);
      log.warn("invalid event dropped", "step " + event.step(), e);
      return;
    }
    try {
      var unused = link.producer().send(record, (metadata, failure) -> sent(failure));
    } catch (InterruptException e) {
      // The exception had set it again, and closing the producer must not meet it.
      Thread.interrupted();
      counters.drop(DropCause.CLOSED, 1);
      throw new InterruptedException();
    } catch (RuntimeException e) { // Kafka's, or of an interceptor or partitioner plugged in
      sent(e);
    }
  }

  private void sent(@Nullable Exception failure) {
    if (failure == null) {
      counters.published.increment();
    } else {
      counters.failed.increment();
      log.warn("event lost", "Kafka did not take it", failure);
    }
  }

  private ProducerRecord<byte[], byte[]> record(Link link, TrainingEvent event) {
    byte[] key = RunIds.check(event.getRunId()).getBytes(StandardCharsets.UTF_8);
    require(event.getStep() >= 0 && event.getStep() <= Limits.MAX_STEP, "step must be 0 to 2^53");
    require(event.getAttempt() >= 0, "attempt must be at least 0");
    require(event.getBody() != null, "the event has no body");
    return new ProducerRecord<>(topic, key, link.codec().encode(event, topic));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
