package io.gradwatch.lab.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoissonTest {
  /** Exact limits: halves of the chi-square quantiles with 2n and 2n + 2 degrees of freedom. */
  @ParameterizedTest
  @CsvSource({"2, 0.2422, 7.2247", "10, 4.7954, 18.3904", "100, 81.3640, 121.6266"})
  void comesCloseToTheExactInterval(long count, double lower, double upper) {
    assertThat(Poisson.lower(count)).isCloseTo(lower, Percentage.withPercentage(10));
    assertThat(Poisson.upper(count)).isCloseTo(upper, Percentage.withPercentage(1));
  }

  @Test
  void knowsThatNothingSeenIsNotNothingThere() {
    assertThat(Poisson.lower(0)).isZero();
    assertThat(Poisson.upper(0)).isCloseTo(-Math.log(0.025), Percentage.withPercentage(1));
  }

  @Test
  void findsTheLineThatCountsLieOn() {
    Poisson.Line line = Poisson.fit(new double[] {0, 1, 2}, new long[] {1_000, 100, 10}, 1e6);
    assertThat(line.slope()).isCloseTo(-Math.log(10), within(1e-6));
    assertThat(line.intercept()).isCloseTo(Math.log(1e-3), within(1e-6));
    // 1 / sqrt(total * variance of x under the rates), by hand
    assertThat(line.slopeError()).isCloseTo(1 / Math.sqrt(1_110 * 0.112004), within(1e-3));
  }

  @Test
  void drawsNoLineThroughOnePlace() {
    assertThat(Poisson.fit(new double[] {0.5, 1}, new long[] {7, 0}, 1e6).slope()).isNaN();
  }
}
