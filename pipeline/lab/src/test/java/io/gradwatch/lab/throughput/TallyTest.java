package io.gradwatch.lab.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally("base");

  private void round(double base, double job) {
    tally.add(Map.of("base", rate(base), "job", rate(job)));
  }

  private static HeatResult rate(double rate) {
    return new HeatResult(1_000, rate, 1 / rate);
  }

  @Test
  void takesRatiosWithinARoundAndTheirMedian() {
    round(100, 50); // 0.5
    round(10, 8); // 0.8: the machine was busy with something else
    round(90, 54); // 0.6
    assertThat(tally.median("base", HeatResult::recordsPerSecond)).isEqualTo(90);
    assertThat(tally.median("job", HeatResult::recordsPerSecond)).isEqualTo(50);
    assertThat(tally.medianRatio("job", HeatResult::recordsPerSecond)).isEqualTo(0.6);
    assertThat(tally.medianRatio("base", HeatResult::recordsPerSecond)).isEqualTo(1);
  }

  @Test
  void takesTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
    round(100, 10);
    round(100, 20);
    round(100, 40);
    round(100, 80);
    assertThat(tally.median("job", HeatResult::recordsPerSecond)).isEqualTo(30);
  }

  @Test
  void isNaNBeforeTheFirstRound() {
    assertThat(tally.median("job", HeatResult::recordsPerSecond)).isNaN();
  }

  @Test
  void refusesARoundInWhichOthersRan() {
    round(100, 50);
    assertThatThrownBy(() -> tally.add(Map.of("base", rate(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("job");
    assertThatThrownBy(() -> new Tally("base").add(Map.of("job", rate(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("base");
  }
}
