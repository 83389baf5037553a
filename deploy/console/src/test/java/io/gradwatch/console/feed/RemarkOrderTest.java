package io.gradwatch.console.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RemarkOrderTest {
  private static final TopicPartition PARTITION = new TopicPartition("remarks", 0);

  private final RemarkOrder order = new RemarkOrder();
  private final List<String> taken = new ArrayList<>();

  @Test
  void whatIsWrittenHereIsTakenAtOnceAndNotOnceMoreWhenItIsRead() {
    written("a", 5);
    read("a", 5);
    assertThat(taken).containsExactly("a written 5");
  }

  @Test
  void whatOthersWroteBeforeDoesNotComeAfterIt() {
    written("a", 5);
    read("a", 4);
    read("b", 3);
    read("a", 5);
    read("a", 6);
    assertThat(taken).containsExactly("a written 5", "b read 3", "a read 6");
  }

  @Test
  void whatOthersWroteAfterItStaysWhenThatWasReadFirst() {
    read("a", 5);
    read("a", 6);
    written("a", 5);
    assertThat(taken).containsExactly("a read 5", "a read 6");
  }

  @Test
  void ofTwoThatAreWrittenAtOnceTheLaterStays() {
    written("a", 6);
    written("a", 5);
    read("a", 5);
    read("a", 6);
    written("a", 7);
    assertThat(taken).containsExactly("a written 6", "a written 7");
  }

  @Test
  void whatCouldNotBeTakenIsTakenWhenItComesAgain() {
    assertThatThrownBy(
            () ->
                order.read(
                    PARTITION,
                    "a",
                    5,
                    () -> {
                      throw new IllegalStateException("the registry is away");
                    }))
        .hasMessage("the registry is away");
    read("a", 5);
    assertThat(taken).containsExactly("a read 5");
  }

  private void written(String key, long offset) {
    order.written(PARTITION, key, offset, () -> taken.add(key + " written " + offset));
  }

  private void read(String key, long offset) {
    order.read(PARTITION, key, offset, () -> taken.add(key + " read " + offset));
  }
}
