package io.gradwatch.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ExcerptTest {
  private static final TopicPartition A = new TopicPartition("t", 0);
  private static final TopicPartition B = new TopicPartition("t", 1);
  private static final TopicPartition C = new TopicPartition("t", 2);

  @Test
  void takesAnEqualShareOfEachPartition() {
    assertThat(Excerpt.starts(Map.of(A, 0L, B, 10L), Map.of(A, 100L, B, 110L), 20))
        .containsOnly(Map.entry(A, 90L), Map.entry(B, 100L));
  }

  @Test
  void leavesToTheFullWhatTheEmptyDoNotHave() {
    assertThat(Excerpt.starts(Map.of(A, 0L, B, 5L, C, 0L), Map.of(A, 100L, B, 5L, C, 2L), 20))
        .containsOnly(Map.entry(A, 82L), Map.entry(B, 5L), Map.entry(C, 0L));
  }

  @Test
  void takesAllOfWhatIsLessThanAskedFor() {
    assertThat(Excerpt.starts(Map.of(A, 3L), Map.of(A, 7L), 1000)).containsOnly(Map.entry(A, 3L));
  }
}
