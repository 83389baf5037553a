package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private final double[] cells = new double[Summary.CELLS];

  @Test
  void readsNanWhileNothingWasSeen() {
    SeriesStatistics empty = Summary.read(cells, 0, Double.NaN);
    assertThat(empty.count()).isZero();
    assertThat(empty.last()).isNaN();
    assertThat(empty.mean()).isNaN();
    assertThat(empty.spread()).isNaN();
    assertThat(empty.minimum()).isNaN();
    assertThat(empty.maximum()).isNaN();
    assertThat(empty.p50()).isNaN();
  }

  @Test
  void meanAndSpreadOfTheFirstValuesAreTheirs() {
    for (double value : new double[] {2, 4, 9}) {
      Summary.update(cells, 0, value);
    }
    SeriesStatistics read = Summary.read(cells, 0, 0.5);
    assertThat(read.count()).isEqualTo(3);
    assertThat(read.last()).isEqualTo(9);
    assertThat(read.mean()).isCloseTo(5, within(1e-12));
    assertThat(read.spread()).isCloseTo(StrictMath.sqrt(26.0 / 3), within(1e-12));
    assertThat(read.minimum()).isEqualTo(2);
    assertThat(read.maximum()).isEqualTo(9);
    assertThat(read.growthRate()).isEqualTo(0.5);
  }

  @Test
  void anOutlierStandsInTheMaximumAndMovesTheMeanByATenthOfADeviation() {
    Random random = new Random(41);
    for (int i = 0; i < 500; i++) {
      Summary.update(cells, 0, random.nextGaussian());
    }
    double before = Summary.read(cells, 0, 0).mean();
    Summary.update(cells, 0, 1e30);
    SeriesStatistics read = Summary.read(cells, 0, 0);
    assertThat(read.maximum()).isEqualTo(1e30);
    assertThat(read.mean() - before).isBetween(0.0, 0.15);
    assertThat(read.spread()).isLessThan(2);
  }

  @Test
  void smallDifferencesOfLargeValuesAreNotLost() {
    for (int i = 0; i < 1_000; i++) {
      Summary.update(cells, 0, 1e9 + i % 2);
    }
    assertThat(Summary.read(cells, 0, 0).spread()).isCloseTo(0.5, within(0.01));
  }

  @Test
  void aHugeEarlyValueIsForgotten() {
    Random random = new Random(42);
    for (int i = 0; i < 2_000; i++) {
      Summary.update(cells, 0, i == 3 ? 1e200 : random.nextGaussian());
    }
    SeriesStatistics read = Summary.read(cells, 0, 0);
    assertThat(read.mean()).isBetween(-1.0, 1.0);
    assertThat(read.spread()).isBetween(0.5, 2.0);
    assertThat(read.maximum()).isEqualTo(1e200);
  }
}
