package io.gradwatch.producer;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way from the threads that train to the one that sends. Who puts one in takes no
 * lock, which the sender could hold while it is off the processor, and wakes nobody: waking a
 * thread takes ten times as long as all else that telling a step costs.
 */
final class EventQueue {
  private final int capacity;
  private final Semaphore room;
  private final Queue<QueuedEvent> events = new ConcurrentLinkedQueue<>();

  EventQueue(int capacity) {
    this.capacity = capacity;
    this.room = new Semaphore(capacity);
  }

  /** Puts it in at once; false when there is no room. */
  boolean offer(QueuedEvent event) {
    return room.tryAcquire() && events.add(event);
  }

  /** Puts all of them in at once; false, and none of them in, when there is no room for all. */
  boolean offerAll(List<QueuedEvent> all) {
    return room.tryAcquire(all.size()) && events.addAll(all);
  }

  /** Waits for room at most so long; false when there is none. */
  boolean offer(QueuedEvent event, long millis) throws InterruptedException {
    return room.tryAcquire(millis, TimeUnit.MILLISECONDS) && events.add(event);
  }

  /** The oldest; null when there is none. */
  @Nullable QueuedEvent poll() {
    QueuedEvent event = events.poll();
    if (event != null) {
      room.release();
    }
    return event;
  }

  /** Takes that one out again; false when it is gone. */
  boolean remove(QueuedEvent event) {
    boolean found = events.remove(event);
    if (found) {
      room.release();
    }
    return found;
  }

  /** How many there are, those included that are just being put in. */
  int size() {
    return capacity - room.availablePermits();
  }

  int capacity() {
    return capacity;
  }

  boolean isEmpty() {
    return events.isEmpty();
  }
}
