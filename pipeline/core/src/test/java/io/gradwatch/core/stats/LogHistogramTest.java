package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogHistogramTest {
  /** ln of the factor that the class states, and rounding. */
  private static final double RESOLUTION = StrictMath.log(2) / 32 + 1e-9;

  private static final double[] PERCENTILES = {0, 1, 10, 33.3, 50, 90, 99, 100};

  private final double[] cells = new double[LogHistogram.CELLS];

  @Test
  void readsNanWhileNothingWasSeen() {
    assertThat(LogHistogram.percentile(cells, 0, 50)).isNaN();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void everyPercentileIsTheSortedValueOfItsRankWithinTheResolution(long seed) {
    Random random = new Random(seed);
    double[] all = new double[2_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = StrictMath.exp(3 * random.nextGaussian());
      LogHistogram.update(cells, 0, all[i], 1);
      if (i < 30 || i % 97 == 0) {
        double[] sorted = Arrays.copyOf(all, i + 1);
        Arrays.sort(sorted);
        for (double percentile : PERCENTILES) {
          int rank = (int) Math.max(1, Math.ceil(percentile * (i + 1) / 100));
          assertClose(LogHistogram.percentile(cells, 0, percentile), sorted[rank - 1]);
        }
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 6})
  void whatFadesIsTheWeightedPercentileAlsoBeyondTheHeaviestWeight(long seed) {
    Random random = new Random(seed);
    double keep = 0.9;
    double[] all = new double[6_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = StrictMath.exp(0.001 * i + random.nextGaussian());
      LogHistogram.update(cells, 0, all[i], keep);
      if (i < 30 || i % 97 == 0) {
        assertClose(LogHistogram.percentile(cells, 0, 70), weighted(all, i + 1, keep, 70));
      }
    }
  }

  private static double weighted(double[] values, int count, double keep, double percentile) {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
    double total = (1 - StrictMath.pow(keep, count)) / (1 - keep);
    double sum = 0;
    for (int i : order) {
      sum += StrictMath.pow(keep, count - 1 - i);
      if (sum >= percentile / 100 * total) {
        return values[i];
      }
    }
    return values[order[count - 1]];
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-17, 1e17, Double.MAX_VALUE, Double.MIN_VALUE})
  void whatLiesBeyondTheRangeKeepsItsRank(double value) {
    LogHistogram.update(cells, 0, value, 1);
    LogHistogram.update(cells, 0, 3, 1);
    LogHistogram.update(cells, 0, 4, 1);
    assertClose(LogHistogram.percentile(cells, 0, 50), value < 1 ? 3 : 4);
    assertThat(LogHistogram.percentile(cells, 0, value < 1 ? 0 : 100)).isPositive().isFinite();
  }

  @Test
  void aHistogramStaysInItsCells() {
    double[] shared = new double[LogHistogram.CELLS + 2];
    for (double value : new double[] {Double.MIN_VALUE, 1, Double.MAX_VALUE}) {
      LogHistogram.update(shared, 1, value, 0.5);
    }
    assertThat(shared[0]).isZero();
    assertThat(shared[shared.length - 1]).isZero();
    assertClose(LogHistogram.percentile(shared, 1, 40), 1);
  }

  private static void assertClose(double read, double exact) {
    assertThat(StrictMath.log(read / exact)).isCloseTo(0, within(RESOLUTION));
  }
}
