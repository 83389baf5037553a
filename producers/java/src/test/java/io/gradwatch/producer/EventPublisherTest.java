package io.gradwatch.producer;

import static io.gradwatch.producer.Publishing.AMPLE;
import static io.gradwatch.producer.Publishing.event;
import static io.gradwatch.producer.Publishing.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class EventPublisherTest {

  @Test
  void sendsEventsAsTheyAreInTheirOrder() {
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    EventPublisher publisher = StepPublisher.builder().publisher(() -> producer);

    LongStream.range(0, 500).forEach(step -> publisher.publish(event("a", step)));
    publisher.close(AMPLE);

    assertThat(sent(producer))
        .isEqualTo(LongStream.range(0, 500).mapToObj(step -> event("a", step)).toList());
    assertThat(producer.history())
        .allMatch(r -> r.topic().equals(Publishing.TOPIC) && r.partition() == null);
    assertThat(producer.closed()).isTrue();
    PublisherStats stats = publisher.stats();
    assertThat(stats.accepted()).isEqualTo(500);
    assertThat(stats.published()).isEqualTo(500);
    assertThat(stats.failed()).isZero();
    assertThat(stats.droppedInAll()).isZero();
    assertThat(stats.queued()).isZero();
  }

  @Test
  void dropsAndCountsWhenTheQueueIsFull() throws Exception {
    BlockedProducer producer = new BlockedProducer();
    EventPublisher publisher = StepPublisher.builder().queueCapacity(10).publisher(() -> producer);

    publisher.publish(event("a", 0));
    producer.entered.await();
    for (int step = 1; step <= 15; step++) {
      publisher.publish(event("a", step));
    }

    assertThat(publisher.stats().queued()).isEqualTo(10);
    assertThat(publisher.stats().dropped(DropCause.QUEUE_FULL)).isEqualTo(5);
    producer.release.countDown();
    publisher.close(AMPLE);
    assertThat(sent(producer))
        .extracting(TrainingEvent::getStep)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void takesAllEventsThatComeTogetherOrNone() throws Exception {
    BlockedProducer producer = new BlockedProducer();
    EventPublisher publisher =
        StepPublisher.builder().queueCapacity(3).overflow(Overflow.WAIT).publisher(() -> producer);
    publisher.publish(event("a", 0));
    producer.entered.await();

    assertThat(publisher.publishAll(List.of())).isTrue();
    assertThat(publisher.publishAll(List.of(event("a", 1), event("b", 1)))).isTrue();
    assertThat(publisher.publishAll(List.of(event("a", 2), event("b", 2)))).isFalse();
    assertThat(publisher.publishAll(List.of(event("a", 3)))).isTrue();

    PublisherStats stats = publisher.stats();
    assertThat(stats.accepted()).isEqualTo(4);
    assertThat(stats.droppedInAll()).as("those not taken are still the caller's").isZero();
    producer.release.countDown();
    publisher.close(AMPLE);
    assertThat(sent(producer))
        .containsExactly(event("a", 0), event("a", 1), event("b", 1), event("a", 3));
    assertThat(publisher.publishAll(List.of(event("a", 4)))).isFalse();
  }

  @Test
  void waitsForRoomWhereItIsToldTo() throws Exception {
    BlockedProducer producer = new BlockedProducer();
    EventPublisher publisher =
        StepPublisher.builder().queueCapacity(1).overflow(Overflow.WAIT).publisher(() -> producer);

    Thread replay =
        new Thread(() -> LongStream.range(0, 100).forEach(s -> publisher.publish(event("a", s))));
    replay.start();
    producer.entered.await();
    producer.release.countDown();
    replay.join();
    publisher.close(AMPLE);

    assertThat(publisher.stats().published()).isEqualTo(100);
    assertThat(publisher.stats().droppedInAll()).isZero();
  }

  @Test
  void stopsWaitingWhenInterruptedOrClosed() throws Exception {
    BlockedProducer producer = new BlockedProducer();
    EventPublisher publisher =
        StepPublisher.builder().queueCapacity(1).overflow(Overflow.WAIT).publisher(() -> producer);
    publisher.publish(event("a", 0));
    producer.entered.await();
    publisher.publish(event("a", 1));

    Thread.currentThread().interrupt();
    publisher.publish(event("a", 2));
    assertThat(Thread.interrupted()).isTrue();
    Thread waiting = new Thread(() -> publisher.publish(event("a", 3)));
    waiting.start();
    publisher.close(Duration.ofMillis(1));
    waiting.join();

    assertThat(publisher.stats().dropped(DropCause.INTERRUPTED)).isEqualTo(1);
    Await.until("the end of the client", producer::closed);
    assertThat(publisher.stats().dropped(DropCause.CLOSED))
        .as("the one in hand, the one queued and the one that waited")
        .isEqualTo(3);
  }

  @Test
  void countsInvalidEventsAndGoesOn() {
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    EventPublisher publisher = StepPublisher.builder().publisher(() -> producer);

    publisher.publish(null);
    publisher.publish(event(" ", 1));
    publisher.publish(event("x".repeat(257), 1));
    publisher.publish(event("a", -1));
    publisher.publish(new TrainingEvent("a", -1, 1L, 0L, null, new Heartbeat()));
    publisher.publish(new TrainingEvent(null, 0, 1L, 0L, null, new Heartbeat()));
    publisher.publish(new TrainingEvent("a", 0, 1L, 0L, null, null));
    publisher.publish(new TrainingEvent("a", 0, 1L, 0L, null, "no body"));
    publisher.publish(
        new TrainingEvent("a", 0, 1L, 0L, null, Publishing.body(StepReport.of(1).metric(null, 1))));
    publisher.publish(
        new TrainingEvent(
            "a",
            0,
            1L,
            0L,
            null,
            Publishing.body(StepReport.of(1).layerGradNorms(new float[200_000]))));
    publisher.publish(event("a", 2));
    publisher.close(AMPLE);

    assertThat(publisher.stats().dropped(DropCause.INVALID)).isEqualTo(10);
    assertThat(sent(producer)).containsExactly(event("a", 2));
  }

  @Test
  void outlivesAnEventThatChangesWhileItIsEncoded() {
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    EventPublisher publisher =
        StepPublisher.builder().queueCapacity(1).overflow(Overflow.WAIT).publisher(() -> producer);
    TrainingEvent changing = event("a", 1);
    ((StepCompleted) changing.getBody()).setMetrics(new ChangingMap());

    publisher.publish(changing);
    LongStream.range(2, 10).forEach(step -> publisher.publish(event("a", step)));
    publisher.close(AMPLE);

    assertThat(publisher.stats().dropped(DropCause.INVALID)).isEqualTo(1);
    assertThat(publisher.stats().published()).isEqualTo(8);
  }

  @Test
  void outlivesAClientThatCannotTakeAnEvent() {
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    producer.sendException = new ArithmeticException("a partitioner of one's own");
    EventPublisher publisher =
        StepPublisher.builder().queueCapacity(1).overflow(Overflow.WAIT).publisher(() -> producer);

    LongStream.range(0, 10).forEach(step -> publisher.publish(event("a", step)));
    publisher.close(AMPLE);

    assertThat(publisher.stats().failed()).isEqualTo(10);
  }

  @Test
  void connectsAgainWhateverFailed() throws Exception {
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    CountDownLatch connected = new CountDownLatch(2);
    EventPublisher publisher =
        StepPublisher.builder()
            .reconnect(Duration.ZERO)
            .publisher(
                () -> {
                  connected.countDown();
                  if (connected.getCount() > 0) {
                    throw new IllegalStateException("a registry's client failed");
                  }
                  return producer;
                });

    publisher.publish(event("a", 1));
    connected.await();
    publisher.close(AMPLE);

    assertThat(publisher.stats().published()).isEqualTo(1);
  }

  @Test
  void doesNotSendARunIdThatThePipelineRefuses() {
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    EventPublisher publisher = StepPublisher.builder().publisher(() -> producer);

    publisher.publish(event("a\nb", 1));
    publisher.publish(event("a\ud800", 1));
    publisher.close(AMPLE);

    assertThat(publisher.stats().dropped(DropCause.INVALID)).isEqualTo(2);
  }

  @Test
  void countsWhatKafkaRefuses() {
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    producer.sendException = new KafkaException("no");
    EventPublisher publisher = StepPublisher.builder().publisher(() -> producer);

    publisher.publish(event("a", 1));
    publisher.close(AMPLE);

    assertThat(publisher.stats().failed()).isEqualTo(1);
    assertThat(publisher.stats().published()).isZero();
  }

  @Test
  void countsWhatIsNotAcknowledged() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
          @Override
          public void close(Duration timeout) {
            assertThat(errorNext(new org.apache.kafka.common.errors.TimeoutException("late")))
                .isTrue();
            assertThat(completeNext()).isTrue();
            super.close(timeout);
          }
        };
    EventPublisher publisher = StepPublisher.builder().publisher(() -> producer);

    publisher.publish(event("a", 1));
    publisher.publish(event("a", 2));
    publisher.close(AMPLE);

    assertThat(publisher.stats().failed()).isEqualTo(1);
    assertThat(publisher.stats().published()).isEqualTo(1);
  }

  @Test
  void takesNothingAfterItWasClosed() {
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    EventPublisher publisher = StepPublisher.builder().publisher(() -> producer);

    publisher.close(AMPLE);
    publisher.close(AMPLE);
    publisher.publish(event("a", 1));

    assertThat(sent(producer)).isEmpty();
    assertThat(publisher.stats().dropped(DropCause.CLOSED)).isEqualTo(1);
  }

  @Test
  void countsWhatACloseThatRanOutOfTimeLeft() throws Exception {
    BlockedProducer producer = new BlockedProducer();
    EventPublisher publisher = StepPublisher.builder().publisher(() -> producer);
    publisher.publish(event("a", 0));
    producer.entered.await();
    publisher.publish(event("a", 1));
    publisher.publish(event("a", 2));

    publisher.close(Duration.ZERO);

    // A close that gave up leaves the sender to end, and to count what it had in hand.
    Await.until("the end of the client", producer::closed);
    assertThat(publisher.stats().dropped(DropCause.CLOSED)).isEqualTo(3);
    assertThat(publisher.stats().queued()).isZero();
  }

  @Test
  void sendsNothingMoreWhenACloseRanOutOfTimeWhileItWasBusy() throws Exception {
    BusyProducer producer = new BusyProducer();
    EventPublisher publisher = StepPublisher.builder().publisher(() -> producer);
    publisher.publish(event("a", 0));
    producer.entered.await();
    publisher.publish(event("a", 1));
    publisher.publish(event("a", 2));

    publisher.close(Duration.ZERO);

    Await.until("the end of the client", producer::closed);
    assertThat(sent(producer)).extracting(TrainingEvent::getStep).containsExactly(0L);
    assertThat(publisher.stats().dropped(DropCause.CLOSED)).isEqualTo(2);
    assertThat(producer.isInterruptedAtClose)
        .as("Kafka's client would not wait for its own thread")
        .isFalse();
  }

  @Test
  void keepsEventsWhileItCannotConnect() {
    AtomicInteger attempts = new AtomicInteger();
    EventPublisher publisher =
        StepPublisher.builder()
            .reconnect(Duration.ofHours(1))
            .publisher(
                () -> {
                  attempts.incrementAndGet();
                  throw new KafkaException("no resolvable bootstrap servers");
                });

    publisher.publish(event("a", 1));
    publisher.close(AMPLE);

    assertThat(attempts).hasValue(1);
    assertThat(publisher.stats().dropped(DropCause.CLOSED)).isEqualTo(1);
  }

  /** A map that another thread changes whenever it is read. */
  private static final class ChangingMap extends AbstractMap<String, Double> {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public Set<Map.Entry<String, Double>> entrySet() {
      throw new ConcurrentModificationException();
    }
  }

  /** A producer that waits for metadata: its first send blocks until it is released. */
  private static final class BlockedProducer extends MockProducer<byte[], byte[]> {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);

    BlockedProducer() {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      entered.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
      return super.send(record, callback);
    }
  }

  /** A producer that is at work when it is interrupted, and leaves the interrupt to its caller. */
  private static final class BusyProducer extends MockProducer<byte[], byte[]> {
    final CountDownLatch entered = new CountDownLatch(1);
    volatile boolean isInterruptedAtClose;

    BusyProducer() {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      entered.countDown();
      while (!Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      return super.send(record, callback);
    }

    @Override
    public void close(Duration timeout) {
      isInterruptedAtClose = Thread.currentThread().isInterrupted();
      super.close(timeout);
    }
  }
}
