package io.gradwatch.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.producer.PublisherStats;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private final Backlog backlog = new Backlog(100);

  @Test
  void countsABatchUntilItsLastEventHasLeft() {
    assertThat(backlog.hasRoom(101, stats(0, 0))).isFalse();
    assertThat(backlog.hasRoom(60, stats(0, 0))).isTrue();
    backlog.add(60, stats(10, 10));
    assertThat(backlog.hasRoom(40, stats(10, 10))).isTrue();
    backlog.add(40, stats(12, 12));

    assertThat(backlog.hasRoom(1, stats(12, 3))).as("nine of ten have left").isFalse();
    assertThat(backlog.hasRoom(60, stats(12, 2))).isTrue();
    assertThat(backlog.hasRoom(61, stats(12, 1))).isFalse();
    assertThat(backlog.hasRoom(100, stats(12, 0))).isTrue();
  }

  private static PublisherStats stats(long accepted, int queued) {
    return new PublisherStats(accepted, 0, 0, Map.of(), queued);
  }
}
