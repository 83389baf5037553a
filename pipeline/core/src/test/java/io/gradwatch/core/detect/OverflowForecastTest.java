package io.gradwatch.core.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.stats.Trend;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverflowForecastTest {
  private static final int QUIET = 200;
  private static final int RUNS = 400;
  private static final long SEED = 11;

  @ParameterizedTest(
      name = "noise {0}, doubling every {1} steps, told after {2} doublings, {3} apart")
  @CsvSource({
    "0.05, 5, 3, 1",
    "0.05, 20, 3, 1",
    "0.2, 10, 3, 1",
    "0.2, 40, 3, 1",
    "0.4, 20, 4, 1",
    "0.2, 100, 3, 10",
  })
  void theIntervalHoldsWhereAnExponentialReallyOverflows(
      double noise, int doubling, int doublings, int interval) {
    Random random = new Random(SEED);
    int held = 0;
    for (int run = 0; run < RUNS; run++) {
      double[] trend = new double[Trend.CELLS];
      long step = 0;
      for (int i = 0; i < QUIET; i++, step += interval) {
        Trend.update(trend, 0, step, noise * random.nextGaussian());
      }
      long start = step;
      double rate = StrictMath.log(2) / doubling;
      for (; step <= start + (long) doublings * doubling; step += interval) {
        Trend.update(trend, 0, step, rate * (step - start) + noise * random.nextGaussian());
      }
      long newest = step - interval;
      OverflowForecast forecast = OverflowForecast.of(trend, newest, interval);
      double exact = start + OverflowForecast.LN_OVERFLOW / rate - newest;
      assertThat(forecast.low()).isLessThan(forecast.steps());
      assertThat(forecast.high()).isGreaterThan(forecast.steps());
      held += forecast.low() <= exact && exact <= forecast.high() ? 1 : 0;
    }
    assertThat((double) held / RUNS).isGreaterThan(0.95);
  }

  @Test
  void withoutNoiseItIsAsNarrowAsTheLag() {
    double[] trend = new double[Trend.CELLS];
    for (int step = 0; step < 1_000; step++) {
      Trend.update(trend, 0, step, Math.max(0, 0.01 * (step - 200)));
    }
    OverflowForecast forecast = OverflowForecast.of(trend, 999, 1);
    double exact = (OverflowForecast.LN_OVERFLOW - 7.99) / 0.01;
    assertThat(forecast.low()).isLessThan(exact).isCloseTo(exact, within(0.03 * exact));
    assertThat(forecast.high()).isGreaterThan(exact).isCloseTo(exact, within(0.03 * exact));
  }

  @Test
  void aNormThatIsBeyondIsThere() {
    double[] trend = new double[Trend.CELLS];
    for (int step = 0; step < 300; step++) {
      Trend.update(trend, 0, step, Math.max(0, step - 100));
    }
    OverflowForecast forecast = OverflowForecast.of(trend, 299, 1);
    assertThat(forecast.low()).isZero();
    assertThat(forecast.steps()).isZero();
    assertThat(forecast.high()).isGreaterThanOrEqualTo(0);
    assertThat(OverflowForecast.ofRow(200, 1).steps()).isZero();
  }

  @Test
  void whatDoesNotGrowHasNone() {
    double[] trend = new double[Trend.CELLS];
    for (int step = 0; step < 100; step++) {
      Trend.update(trend, 0, step, -0.01 * step);
    }
    assertThat(OverflowForecast.of(trend, 99, 1)).isEqualTo(OverflowForecast.ofRow(0, Double.NaN));
    assertThat(OverflowForecast.of(trend, 99, 1).steps()).isNaN();
  }
}
