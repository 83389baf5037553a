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

  @Test
  void theBoundOfOneBucketShrinksLinearly() {
    Log2Histogram histogram = new Log2Histogram(5, new long[] {0, 16, 0}, 3, 0);
    assertThat(histogram.log2BoundOverNorm(1)).as("1 of 16").isCloseTo(-2, within(1e-12));
    assertThat(histogram.log2BoundOverNorm(0.25)).isCloseTo(-4, within(1e-12));
    assertThat(histogram.log2BoundOverNorm(7)).isCloseTo(-2, within(1e-12));
  }

  @Test
  void theBoundLeavesTheNormThatWasAskedFor() {
    long[] counts = {40_000, 9_000, 0, 700, 50, 1};
    Log2Histogram histogram = new Log2Histogram(-3, counts, 0, 0);
    double norm = StrictMath.sqrt(clippedSquare(counts, Double.MAX_VALUE));
    for (double ratio = 0.01; ratio < 1; ratio += 0.01) {
      double bound = norm * StrictMath.pow(2, histogram.log2BoundOverNorm(ratio));
      assertThat(StrictMath.sqrt(clippedSquare(counts, bound)) / norm)
          .isCloseTo(ratio, within(1e-9));
    }
  }

  private static double clippedSquare(long[] counts, double bound) {
    double square = 0;
    for (int i = 0; i < counts.length; i++) {
      double component = Math.min(bound, StrictMath.pow(2, i - 3 + 0.5));
      square += counts[i] * component * component;
    }
    return square;
  }

  @Test
  void thereIsNoBoundWithoutComponents() {
    assertThat(new Log2Histogram(0, new long[] {0, 0}, 9, 1).log2BoundOverNorm(0.5)).isNaN();
    assertThat(new Log2Histogram(0, new long[0], 0, 0).log2BoundOverNorm(0.5)).isNaN();
  }

  @Test
  void extremeBucketsHaveABound() {
    long[] counts = new long[256];
    counts[0] = Long.MAX_VALUE;
    counts[255] = 1;
    for (int exponent : new int[] {-1_100, 845}) {
      Log2Histogram histogram = new Log2Histogram(exponent, counts, 0, 0);
      assertThat(histogram.log2BoundOverNorm(1e-9)).isFinite().isNegative();
      assertThat(histogram.log2BoundOverNorm(1)).isCloseTo(0, within(1e-9));
    }
  }
}
