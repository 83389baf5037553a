package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantilesTest {
  private static final int WINDOW = 400;
  private static final double[] SHARES = {0.10, 0.50, 0.90, 0.99};

  /** Stated in the class: a quarter of a standard deviation for p10, p50, p90; three for p99. */
  private static final double[] TOLERANCE = {0.25, 0.25, 0.25, 0.75};

  private final double[] cells = new double[Quantiles.CELLS];

  @Test
  void readsNanWhileNothingWasSeen() {
    for (int i = 0; i < 4; i++) {
      assertThat(Quantiles.read(cells, 0, i)).isNaN();
    }
  }

  @Test
  void theFirstValueIsEveryQuantile() {
    Quantiles.update(cells, 0, -3);
    for (int i = 0; i < 4; i++) {
      assertThat(Quantiles.read(cells, 0, i)).isEqualTo(-3);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  @DisplayName("estimates of normal noise lie near the exact quantiles of the last values")
  void followsNormalNoise(long seed) {
    compare(seed, random -> 100 + 5 * random.nextGaussian(), 5);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void followsUniformNoise(long seed) {
    compare(seed, Random::nextDouble, StrictMath.sqrt(1.0 / 12));
  }

  private void compare(long seed, ToDoubleFunction<Random> source, double deviation) {
    Random random = new Random(seed);
    double[] all = new double[3_000];
    double[] error = new double[4];
    int readings = 0;
    for (int i = 0; i < all.length; i++) {
      all[i] = source.applyAsDouble(random);
      Quantiles.update(cells, 0, all[i]);
      if (i >= 1_000 && i % 100 == 0) {
        double[] window = Arrays.copyOfRange(all, i + 1 - WINDOW, i + 1);
        Arrays.sort(window);
        for (int q = 0; q < 4; q++) {
          double exact = window[(int) (SHARES[q] * (WINDOW - 1))];
          error[q] += Math.abs(Quantiles.read(cells, 0, q) - exact);
        }
        readings++;
      }
    }
    for (int q = 0; q < 4; q++) {
      assertThat(error[q] / readings)
          .as("mean error of the %s-quantile in deviations", SHARES[q])
          .isLessThan(TOLERANCE[q] * deviation);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e30, -1e30, Double.MAX_VALUE})
  void anOutlierMovesNoEstimateByMoreThanAStep(double outlier) {
    double[] clean = new double[Quantiles.CELLS];
    Random random = new Random(31);
    for (int i = 0; i < 500; i++) {
      double value = random.nextGaussian();
      Quantiles.update(cells, 0, i == 400 ? outlier : value);
      Quantiles.update(clean, 0, value);
    }
    for (int q = 0; q < 4; q++) {
      assertThat(Quantiles.read(cells, 0, q)).isCloseTo(Quantiles.read(clean, 0, q), within(0.2));
    }
  }

  @Test
  void quantilesStayInOrder() {
    Random random = new Random(32);
    for (int i = 0; i < 5_000; i++) {
      Quantiles.update(cells, 0, StrictMath.exp(2 * random.nextGaussian()));
      for (int q = 1; q < 4; q++) {
        assertThat(Quantiles.read(cells, 0, q))
            .isGreaterThanOrEqualTo(Quantiles.read(cells, 0, q - 1));
      }
    }
  }
}
