package io.gradwatch.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.producer.DropCause;
import io.gradwatch.producer.PublisherStats;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final long PATIENCE = 30;

  private final Delivery delivery = new Delivery(PATIENCE, 0);

  @Test
  void worksWhereNothingWaits() {
    delivery.look(stats(0, 0, 0), 1_000);
    assertThat(delivery.works(9_000)).isTrue();

    delivery.look(stats(5, 5, 0), 10_000);
    assertThat(delivery.works(90_000)).isTrue();
  }

  @Test
  void worksUntilEventsHaveWaitedTooLong() {
    delivery.look(stats(0, 0, 0), 100);
    delivery.look(stats(1, 0, 0), 101);

    assertThat(delivery.works(100 + PATIENCE - 1)).isTrue();
    assertThat(delivery.works(100 + PATIENCE)).isFalse();

    delivery.look(stats(1, 1, 0), 200);
    assertThat(delivery.works(200)).isTrue();
  }

  @Test
  void worksAsLongAsSomeArePublished() {
    for (int i = 1; i <= 100; i++) {
      delivery.look(stats(1_000, i, 0), i * (PATIENCE - 1));
      assertThat(delivery.works(i * (PATIENCE - 1))).isTrue();
    }
  }

  @Test
  void doesNotWorkWhenEventsAreLostUntilOneIsNot() {
    delivery.look(stats(2, 1, 1), 1);
    assertThat(delivery.works(1)).as("one was published with it").isTrue();

    delivery.look(stats(3, 1, 2), 2);
    assertThat(delivery.works(2)).isFalse();
    assertThat(delivery.works(9_000)).isFalse();

    delivery.look(stats(4, 2, 2), 9_001);
    assertThat(delivery.works(9_001)).isTrue();
  }

  private static PublisherStats stats(long accepted, long published, long failed) {
    int queued = (int) (accepted - published - failed);
    return new PublisherStats(
        accepted, published, failed, Map.of(DropCause.QUEUE_FULL, 7L), queued);
  }
}
