package io.gradwatch.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparklineTest {
  @Test
  void risesWithTheValues() {
    assertThat(Sparkline.of(List.of(0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f), 8, false))
        .isEqualTo("▁▂▃▄▅▆▇█");
    assertThat(Sparkline.of(List.of(1f, 10f, 100f), 8, true)).isEqualTo("▁▅█");
  }

  @Test
  void showsTheLargestOfThoseThatShareACharacter() {
    assertThat(Sparkline.of(List.of(0f, 7f, 0f, 0f), 2, false)).isEqualTo("█▁");
  }

  @Test
  void leavesGapsAndStaysFlatWhereNothingMoves() {
    assertThat(Sparkline.of(Arrays.asList(1f, null, Float.NaN, 2f), 4, false)).isEqualTo("▁  █");
    assertThat(Sparkline.of(List.of(3f, 3f), 4, true)).isEqualTo("▁▁");
    assertThat(Sparkline.of(List.of(), 4, false)).isEmpty();
    assertThat(Sparkline.of(List.of(-1f, 1f), 4, true)).isEqualTo("▁█");
  }
}
