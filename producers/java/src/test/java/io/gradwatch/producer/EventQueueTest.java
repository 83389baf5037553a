package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class EventQueueTest {
  private static final int THREADS = 4;
  private static final int EACH = 20_000;

  @Test
  void holdsWhatThereIsRoomForAndNotOneMore() {
    EventQueue queue = new EventQueue(2);

    assertThat(queue.offer(event(0))).isTrue();
    assertThat(queue.offer(event(1))).isTrue();
    assertThat(queue.offer(event(2))).isFalse();
    assertThat(queue.size()).isEqualTo(2);
    assertThat(step(queue)).isZero();
    assertThat(queue.offer(event(3))).isTrue();
    assertThat(step(queue)).isEqualTo(1);
    assertThat(step(queue)).isEqualTo(3);
    assertThat(queue.poll()).isNull();
    assertThat(queue.size()).isZero();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void takesSeveralOnlyWhereThereIsRoomForAll() {
    EventQueue queue = new EventQueue(2);
    queue.offer(event(0));

    assertThat(queue.offerAll(List.of(event(1), event(2)))).isFalse();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.offerAll(List.of(event(1)))).isTrue();
    assertThat(queue.size()).isEqualTo(queue.capacity());
    assertThat(step(queue)).isZero();
    assertThat(step(queue)).isEqualTo(1);
  }

  @Test
  void givesTheRoomBackOfWhatIsTakenOut() {
    EventQueue queue = new EventQueue(1);
    QueuedEvent event = event(0);
    queue.offer(event);

    assertThat(queue.remove(event(0))).as("an equal event, not that one").isFalse();
    assertThat(queue.remove(event)).isTrue();
    assertThat(queue.remove(event)).isFalse();
    assertThat(queue.size()).isZero();
    assertThat(queue.offer(event)).isTrue();
  }

  @Test
  void waitsForRoomAndNoLonger() throws Exception {
    EventQueue queue = new EventQueue(1);
    queue.offer(event(0));

    assertThat(queue.offer(event(1), 1)).isFalse();
    Thread taker = new Thread(queue::poll);
    taker.start();
    assertThat(queue.offer(event(2), Publishing.AMPLE.toMillis())).isTrue();
    taker.join();
    assertThat(step(queue)).isEqualTo(2);
  }

  @Test
  void keepsTheOrderOfEachOfManyThreadsAndTheBound() throws Exception {
    EventQueue queue = new EventQueue(64);
    List<Thread> tellers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      long from = (long) i * EACH;
      Thread teller =
          new Thread(
              () ->
                  LongStream.range(from, from + EACH)
                      .forEach(
                          step -> {
                            while (!queue.offer(event(step))) {
                              Thread.onSpinWait();
                            }
                          }));
      teller.start();
      tellers.add(teller);
    }
    long[] next = LongStream.range(0, THREADS).map(i -> i * EACH).toArray();
    for (int taken = 0; taken < THREADS * EACH; ) {
      assertThat(queue.size()).isBetween(0, 64);
      QueuedEvent event = queue.poll();
      if (event != null) {
        int teller = (int) (event.step() / EACH);
        assertThat(event.step()).isEqualTo(next[teller]++);
        taken++;
      }
    }
    for (Thread teller : tellers) {
      teller.join();
    }
    assertThat(queue.size()).isZero();
  }

  private static QueuedEvent event(long step) {
    return new QueuedEvent(Publishing.event("a", step), null);
  }

  private static long step(EventQueue queue) {
    QueuedEvent event = queue.poll();
    assertThat(event).isNotNull();
    return event.step();
  }
}
