package io.gradwatch.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class Log2HistogramTest {
  private static final double EXACT = 1e-12;

  @Test
  void aTailThatFallsAsAPowerIsFoundExactly() {
    // Each bucket up holds a quarter of the one below: as many lie above 2^x as 4^-x says.
    Log2Histogram histogram = new Log2Histogram(0, new long[] {3 << 18, 3 << 16, 3 << 14}, 0, 0);
    double edge = histogram.log2Exceeded(5 / 21.0);
    assertThat(edge).isCloseTo(1, within(EXACT));
    Log2Histogram power =
        new Log2Histogram(0, new long[] {3 << 18, 3 << 16, 3 << 14, 1 << 14}, 0, 0);
    assertThat(power.log2Exceeded(StrictMath.pow(4, -0.3))).isCloseTo(0.3, within(EXACT));
    assertThat(power.log2Exceeded(StrictMath.pow(4, -1.7))).isCloseTo(1.7, within(EXACT));
  }

  @Test
  void aShareOfLessThanHalfAComponentIsTheHighestEdge() {
    Log2Histogram histogram = new Log2Histogram(-3, new long[] {5, 40, 0}, 0, 0);
    assertThat(histogram.log2Exceeded(0.001)).isCloseTo(-1, within(EXACT));
  }

  @Test
  void componentsThatAreZeroOrNotFiniteDoNotCount() {
    Log2Histogram some = new Log2Histogram(0, new long[] {8}, 1_000, 1_000);
    assertThat(some.log2Exceeded(0.5)).isCloseTo(0.25, within(EXACT));
  }

  @Test
  void nothingReadsNan() {
    assertThat(new Log2Histogram(0, new long[0], 5, 0).log2Exceeded(0.5)).isNaN();
    assertThat(new Log2Histogram(0, new long[3], 5, 0).log2Exceeded(0.5)).isNaN();
  }

  @Test
  void aShareNextToOneStaysInTheLowestBucketThatHasComponents() {
    Log2Histogram histogram = new Log2Histogram(4, new long[] {0, 0, 3, 7}, 0, 0);
    assertThat(histogram.log2Exceeded(Math.nextDown(1.0))).isBetween(6.0, 6.001);
  }
}
