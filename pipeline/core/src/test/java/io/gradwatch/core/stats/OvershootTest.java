package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OvershootTest {
  private static final double DISTANCE = 0.5;

  private final double[] cells = new double[1 + Overshoot.CELLS];

  private void take(double... values) {
    for (double value : values) {
      Overshoot.update(cells, 1, value, DISTANCE);
    }
  }

  private void rise(double... values) {
    for (double value : values) {
      Overshoot.updateRising(cells, 1, value, DISTANCE);
    }
  }

  @Test
  void readsNanAndNoRowWhileNothingWasSeen() {
    assertThat(Overshoot.highest(cells, 1)).isNaN();
    assertThat(Overshoot.row(cells, 1)).isZero();
  }

  @Test
  void theFirstValueIsNeverOneHoweverLarge() {
    take(1e308);
    assertThat(Overshoot.row(cells, 1)).isZero();
    assertThat(Overshoot.highest(cells, 1)).isEqualTo(1e308);
  }

  @Test
  void countsEachValueAboveTheDistanceAndNoneAtIt() {
    take(1, 1 + DISTANCE);
    assertThat(Overshoot.row(cells, 1)).isZero();
    double bound = 1 + 2 * DISTANCE;
    take(bound);
    assertThat(Overshoot.row(cells, 1)).isZero();
    for (int n = 1; n <= 5; n++) {
      take(Math.nextUp(bound + DISTANCE));
      assertThat(Overshoot.row(cells, 1)).isEqualTo(n);
    }
    assertThat(Overshoot.highest(cells, 1)).isEqualTo(bound);
  }

  @Test
  void whereSmallFactorsCountASteadyRiseOvershootsTheHighestBeforeIt() {
    rise(1, 0.8, 1.3, 1.4, 1.5);
    assertThat(Overshoot.row(cells, 1)).isZero();
    rise(1.6, 1.7);
    assertThat(Overshoot.row(cells, 1)).isEqualTo(2);
    assertThat(Overshoot.highest(cells, 1)).isEqualTo(1);
  }

  @Test
  void aRiseThatPausesIsLearned() {
    rise(1, 1.3, 1.2, 1.6, 1.5, 1.9);
    assertThat(Overshoot.row(cells, 1)).isZero();
    assertThat(Overshoot.highest(cells, 1)).isEqualTo(1.6);
  }

  @Test
  void oneValueInBetweenEndsTheRow() {
    take(1, 2, 2, 1.2, 2);
    assertThat(Overshoot.row(cells, 1)).isEqualTo(1);
    assertThat(Overshoot.highest(cells, 1)).isEqualTo(1.2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 1e4, 1e30, 1e308})
  void anOutlierIsNotLearned(double outlier) {
    take(1, outlier);
    assertThat(Overshoot.highest(cells, 1)).isEqualTo(1);
    take(0.9);
    assertThat(Overshoot.highest(cells, 1)).isEqualTo(1);
    assertThat(Overshoot.row(cells, 1)).isZero();
  }

  @Test
  void worksOnNegativeValues() {
    take(-5, -4.4);
    assertThat(Overshoot.row(cells, 1)).isEqualTo(1);
    assertThat(Overshoot.highest(cells, 1)).isEqualTo(-5);
  }

  @Test
  void forgivingEndsTheRowAndKeepsTheHighest() {
    take(1, 2, 2);
    Overshoot.forgive(cells, 1);
    assertThat(Overshoot.row(cells, 1)).isZero();
    assertThat(Overshoot.highest(cells, 1)).isEqualTo(1);
    take(2);
    assertThat(Overshoot.row(cells, 1)).isEqualTo(1);
  }

  @Test
  void aRestartForgetsAllOfItAndNothingBesides() {
    cells[0] = 7;
    take(1, 2, 2);
    Overshoot.restart(cells, 1);
    assertThat(cells).startsWith(7, 0, 0, 0);
    take(2);
    assertThat(Overshoot.row(cells, 1)).isZero();
  }

  @Test
  void theSpreadIsThatOfTheValuesThatDidNotOvershootWideWhileTheyAreFew() {
    assertThat(Overshoot.spread(cells, 1)).isInfinite();
    take(0);
    assertThat(Overshoot.spread(cells, 1)).isInfinite();
    take(0.5);
    // One difference of half: its sigma by E|x - y| = 2 sigma / sqrt(pi), widened three times.
    double sigma = 0.5 * StrictMath.sqrt(StrictMath.PI) / 2;
    assertThat(Overshoot.spread(cells, 1)).isCloseTo(3 * sigma, within(1e-12));
    take(1e30, 0);
    assertThat(Overshoot.spread(cells, 1)).isCloseTo(2 * sigma, within(1e-12));
  }
}
