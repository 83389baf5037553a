package io.gradwatch.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AlignedCurveTest {
  @Test
  void standsWhereItsStepsAre() {
    AlignedCurve late = new AlignedCurve(List.of(50L, 60L), List.of(1f, 2f));

    assertThat(late.values(0, 99, 10))
        .containsExactly(null, null, null, null, null, 1f, 2f, null, null, null);
  }

  @Test
  void holdsAValueOverColumnsThatAreNarrowerThanAStretch() {
    AlignedCurve coarse = new AlignedCurve(List.of(0L, 50L, 99L), List.of(1f, 2f, 3f));

    assertThat(coarse.values(0, 99, 10)).containsExactly(1f, 1f, 1f, 1f, 1f, 2f, 2f, 2f, 2f, 3f);
    assertThat(coarse.values(0, 99, 2)).containsExactly(1f, 3f);
  }
}
