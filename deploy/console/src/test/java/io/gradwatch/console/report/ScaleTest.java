package io.gradwatch.console.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void equalRatiosTakeEqualRoomOnALogarithmicScale() {
    Scale scale = new Scale(0.01, 100, true, 400, 0);

    assertThat(scale.at(0.01)).isEqualTo(400);
    assertThat(scale.at(1)).isCloseTo(200, within(1e-9));
    assertThat(scale.at(100)).isCloseTo(0, within(1e-9));
    assertThat(scale.ticks()).hasSize(5).contains(1.0);
  }

  @Test
  void ticksAreRoundAndFew() {
    assertThat(new Scale(0, 10_000, false, 0, 1).ticks())
        .containsExactly(0.0, 2_000.0, 4_000.0, 6_000.0, 8_000.0, 10_000.0);
    assertThat(new Scale(1e-30, 1e30, true, 0, 1).ticks()).hasSizeBetween(5, 9);
    assertThat(new Scale(1.2, 200, true, 0, 1).ticks())
        .containsExactly(2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0);
    assertThat(new Scale(2, 3, true, 0, 1).ticks()).contains(2.0, 2.2, 3.0);
  }

  @Test
  void holdsItsValuesWithRoom() {
    Extent one = Extent.NONE.with(List.of(2.0f), true);
    for (boolean log : new boolean[] {true, false}) {
      Scale scale = Scale.around(one, log, 100, 0);
      assertThat(scale.low()).isLessThan(2);
      assertThat(scale.high()).isGreaterThan(2);
    }
    assertThat(Scale.around(Extent.NONE.with(List.of(-1f, 1f), false), true, 1, 0).log()).isFalse();
    assertThat(Scale.around(Extent.NONE, true, 1, 0).ticks()).isNotEmpty();
  }
}
