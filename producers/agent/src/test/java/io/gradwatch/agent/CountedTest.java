package io.gradwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {

  @Test
  void onlyOneIsSingular() {
    assertThat(Counted.of(0, "run")).isEqualTo("0 runs");
    assertThat(Counted.of(1, "run")).isEqualTo("1 run");
    assertThat(Counted.of(2, "bad line")).isEqualTo("2 bad lines");
    assertThat(Counted.of(1_234_567, "run")).isEqualTo("1,234,567 runs");
  }

  @Test
  void onceIsNotOneTimes() {
    assertThat(Counted.times(0)).isEqualTo("0 times");
    assertThat(Counted.times(1)).isEqualTo("once");
    assertThat(Counted.times(2)).isEqualTo("2 times");
  }
}
