package io.gradwatch.producer;

import io.gradwatch.records.TrainingEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Publishes events of any runs of one project, asynchronously: {@link #publish} puts an event into
 * a bounded queue, and one daemon thread sends. Safe for use by several threads; built by {@link
 * StepPublisher#builder()}.
 *
 * <p>No method throws, whatever the event or the broker: what goes wrong is counted ({@link
 * #stats()}) and logged sparsely. With {@link Overflow#DROP} no method but {@link #close} waits.
 *
 * <p>At the JVM's shutdown (System.exit, SIGTERM, the end of main) a publisher that was not closed
 * closes itself, for at most the builder's {@code shutdownTimeout}. SIGKILL and Runtime.halt lose
 * what is queued.
 */
public final class EventPublisher implements AutoCloseable {
  /** How long {@link #close()} flushes at most. */
  public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private static final long WAIT_MILLIS = 100;
  private static final long ABANDON_MILLIS = 1_000;

  private final String topic;
  private final EventQueue queue;
  private final Overflow overflow;
  private final Counters counters = new Counters();
  private final SparseLog log =
      new SparseLog(LoggerFactory.getLogger(EventPublisher.class), System::nanoTime);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final EventSender sender;
  private final Thread thread;
  private final Thread shutdown;
  private volatile boolean closed;

  EventPublisher(
      String topic,
      Supplier<Link> connect,
      Duration reconnect,
      int queueCapacity,
      Overflow overflow,
      Duration shutdownTimeout) {
    this.topic = topic;
    this.queue = new EventQueue(queueCapacity);
    this.overflow = overflow;
    this.sender = new EventSender(topic, queue, connect, reconnect, closing, counters, log);
    this.thread = new Thread(sender, "gradwatch-publisher");
    this.shutdown = new Thread(() -> closeWithin(shutdownTimeout), "gradwatch-publisher-shutdown");
    thread.setDaemon(true);
  }

  /**
   * Starts the sender.
   *
   * @param closesAtShutdown whether it promises to close then
   */
  EventPublisher start(boolean closesAtShutdown) {
    if (closesAtShutdown) {
      Runtime.getRuntime().addShutdownHook(shutdown);
    }
    thread.start();
    return this;
  }

  /** Publishes an event as it is. It belongs to the publisher from now on. */
  public void publish(TrainingEvent event) {
    publish(queued(event), overflow);
  }

  /**
   * Publishes all of these events or none, without waiting, whatever the publisher does otherwise.
   * Those that are not taken stay the caller's and are counted nowhere.
   *
   * @return false when the queue has no room for all of them now, or the publisher is closed
   */
  public boolean publishAll(List<TrainingEvent> events) {
    if (events.isEmpty()) {
      return true;
    }
    List<QueuedEvent> all = events.stream().map(event -> new QueuedEvent(event, null)).toList();
    if (closing.getCount() == 0 || !queue.offerAll(all)) {
      return false;
    }
    counters.accepted.add(all.size());
    if (closed) { // they may have come after the last look into the queue
      long left = all.stream().filter(queue::remove).count();
      counters.drop(DropCause.CLOSED, left);
      return left == 0;
    }
    return true;
  }

  /** How many events may wait. */
  public int queueCapacity() {
    return queue.capacity();
  }

  /** The same with an event that is not complete yet. */
  void publishIncomplete(QueuedEvent event) {
    publish(event, overflow);
  }

  /** The same without waiting for room, whatever the publisher does otherwise. */
  void publishAtOnce(TrainingEvent event) {
    publish(queued(event), Overflow.DROP);
  }

  private static @Nullable QueuedEvent queued(@Nullable TrainingEvent event) {
    return event == null ? null : new QueuedEvent(event, null);
  }

  private void publish(@Nullable QueuedEvent event, Overflow overflow) {
    if (closing.getCount() == 0) {
      drop(DropCause.CLOSED);
    } else if (event == null) {
      drop(DropCause.INVALID);
    } else if (queue.offer(event) || waitedForRoom(event, overflow)) {
      counters.accepted.increment();
      if (closed && queue.remove(event)) {
        drop(DropCause.CLOSED); // it came after the last look into the queue
      }
    }
  }

  boolean publishesTo(String itsTopic) {
    return topic.equals(itsTopic);
  }

  /** What became of the events so far. */
  public PublisherStats stats() {
    return counters.snapshot(queue.size());
  }

  /** Closes within {@link #DEFAULT_CLOSE_TIMEOUT}. */
  @Override
  public void close() {
    close(DEFAULT_CLOSE_TIMEOUT);
  }

  /**
   * Takes no more events, sends those queued and waits for their acknowledgement, at most as long
   * as the timeout (and about a second more where a client hangs). What is not sent by then is
   * counted as dropped (CLOSED) or failed. Closing twice does nothing.
   */
  public void close(Duration timeout) {
    closeWithin(timeout);
    try {
      Runtime.getRuntime().removeShutdownHook(shutdown); // nothing where there is none
    } catch (IllegalStateException e) {
      return; // the JVM is shutting down: the hook is running and finds the publisher closed
    }
  }

  private synchronized void closeWithin(Duration timeout) {
    if (closed) {
      return;
    }
    long millis = Math.max(0, timeout.toMillis());
    sender.closeBy(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    closing.countDown();
    LockSupport.unpark(thread);
    boolean interrupted = false;
    try {
      join(millis);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      thread.interrupt();
      try {
        join(ABANDON_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    closed = true;
    while (queue.poll() != null) {
      counters.drop(DropCause.CLOSED, 1);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void join(long millis) throws InterruptedException {
    if (millis > 0) {
      thread.join(millis); // 0 would mean for ever
    }
  }

  /** Waits for room where it may; counts the event otherwise. */
  private boolean waitedForRoom(QueuedEvent event, Overflow overflow) {
    if (overflow == Overflow.DROP) {
      drop(DropCause.QUEUE_FULL);
      return false;
    }
    try {
      LockSupport.unpark(thread); // it may rest, and who waits need not spare the time to wake it
      while (!queue.offer(event, WAIT_MILLIS)) {
        if (closing.getCount() == 0) {
          drop(DropCause.CLOSED);
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      drop(DropCause.INTERRUPTED);
      return false;
    }
  }

  private void drop(DropCause cause) {
    counters.drop(cause, 1);
    log.warn("event dropped", cause.name(), null);
  }
}
