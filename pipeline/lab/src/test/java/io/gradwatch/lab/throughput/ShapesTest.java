package io.gradwatch.lab.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapesTest {
  private static List<Shape> of(Shapes shapes) {
    return shapes.of(List.of(10, 100, 1_000), List.of(1, 20, 300), List.of(1, 2));
  }

  @Test
  void letOneMeasureGrowAndTheOthersStayInTheMiddle() {
    assertThat(of(Shapes.LAYERS))
        .containsExactly(new Shape(10, 20, 1), new Shape(100, 20, 1), new Shape(1_000, 20, 1));
    assertThat(of(Shapes.RUNS))
        .containsExactly(new Shape(100, 1, 1), new Shape(100, 20, 1), new Shape(100, 300, 1));
    assertThat(of(Shapes.PARALLELISM))
        .containsExactly(new Shape(100, 20, 1), new Shape(100, 20, 2));
  }

  @Test
  void holdTheMiddleOnceWhereEachMeasureGrows() {
    assertThat(of(Shapes.AXES))
        .hasSize(3 + 3 + 2 - 2)
        .doesNotHaveDuplicates()
        .containsAll(of(Shapes.LAYERS))
        .containsAll(of(Shapes.RUNS))
        .containsAll(of(Shapes.PARALLELISM));
    assertThat(of(Shapes.ALL)).hasSize(3 * 3 * 2).doesNotHaveDuplicates();
  }
}
