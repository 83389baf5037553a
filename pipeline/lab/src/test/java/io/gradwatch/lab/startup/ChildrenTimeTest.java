package io.gradwatch.lab.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChildrenTimeTest {
  @Test
  void isThatOfTheChildrenThatEndedWhateverTheProcessIsCalled() {
    String stat = "42 (a (b) c) S 1 42 42 0 -1 4194304 500 600 0 0 11 12 130 14 20 0 30 0 99 1 2";

    assertThat(ChildrenTime.millis(stat)).isEqualTo((130 + 14) * 10);
  }
}
