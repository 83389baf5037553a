package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoughnessTest {
  private final double[] cells = new double[Roughness.CELLS];
  private final Random random = new Random(41);

  private void noise(int count, double sigma) {
    for (int i = 0; i < count; i++) {
      Roughness.update(cells, 0, sigma * random.nextGaussian());
    }
  }

  @Test
  void readsNanUntilEnoughWasSeenAndOfAConstant() {
    noise(Roughness.LEARNING - 1, 1);
    assertThat(Roughness.ratio(cells, 0)).isNaN();
    assertThat(Roughness.correlation(cells, 0)).isNaN();
    noise(1, 1);
    assertThat(Roughness.ratio(cells, 0)).isNotNaN();
    double[] constant = new double[Roughness.CELLS];
    for (int i = 0; i < 1_000; i++) {
      Roughness.update(constant, 0, 3);
    }
    assertThat(Roughness.ratio(constant, 0)).isNaN();
    assertThat(Roughness.correlation(constant, 0)).isNaN();
  }

  @Test
  void steadyNoiseIsAsRoughAsEverAndDoesNotSwing() {
    for (int i = 0; i < 5_000; i++) {
      noise(1, 1);
      if (i > Roughness.LEARNING) {
        assertThat(Roughness.ratio(cells, 0)).isBetween(0.5, 1.6);
        assertThat(Roughness.correlation(cells, 0)).isBetween(-0.5, 0.6);
      }
    }
  }

  @Test
  void aTrendIsNotRough() {
    noise(1_000, 1);
    for (int i = 0; i < 500; i++) {
      Roughness.update(cells, 0, 0.2 * i + random.nextGaussian());
    }
    assertThat(Roughness.ratio(cells, 0)).isBetween(0.7, 1.4);
  }

  @Test
  void noiseThatTriplesShowsInTheRatioOfTheHalfLives() {
    noise(4_000, 1);
    int count = (int) Roughness.SHORT_HALF_LIFE;
    noise(count, 3);
    double now = 3 - 2 * 0.5;
    double usual = 3 - 2 * StrictMath.pow(0.5, count / Roughness.LONG_HALF_LIFE);
    assertThat(Roughness.ratio(cells, 0)).isCloseTo(now / usual, within(0.35));
  }

  @Test
  void valuesThatAlternateSwing() {
    noise(200, 1);
    for (int i = 0; i < 300; i++) {
      Roughness.update(cells, 0, (i % 2 == 0 ? 3 : -3) + 0.3 * random.nextGaussian());
    }
    assertThat(Roughness.correlation(cells, 0)).isLessThan(-0.9);
  }

  @Test
  void oneOutlierOfAnySizeIsForgotten() {
    double[] calm = new double[Roughness.CELLS];
    for (int i = 0; i < 1_500; i++) {
      double value = random.nextGaussian();
      Roughness.update(calm, 0, value);
      Roughness.update(cells, 0, i == 1_000 ? 1e30 : value);
      if (i > 1_100) {
        assertThat(Roughness.ratio(cells, 0)).isCloseTo(Roughness.ratio(calm, 0), within(0.1));
      }
    }
  }

  @ParameterizedTest(name = "{0} as the value number {1}")
  @CsvSource({"1e30, 4", "1e30, 19", "1e155, 4", "-1e155, 12", "1e300, 20"})
  void anOutlierAmongTheFirstValuesIsForgottenToo(double outlier, int number) {
    double[] calm = new double[Roughness.CELLS];
    for (int i = 1; i <= 600; i++) {
      double value = random.nextGaussian();
      Roughness.update(calm, 0, value);
      Roughness.update(cells, 0, i == number ? outlier : value);
    }
    assertThat(Roughness.ratio(cells, 0)).isCloseTo(Roughness.ratio(calm, 0), within(0.2));
    assertThat(Roughness.correlation(cells, 0))
        .isCloseTo(Roughness.correlation(calm, 0), within(0.1));
  }
}
