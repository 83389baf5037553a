package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExcessGrowthTest {
  private static final double LASTING = 0.5;

  private final double[] cells = new double[ExcessGrowth.CELLS];
  private long step;

  /** Learns ln(value) at the next step, with the allowance of an order at that age. */
  private void next(double order, double value) {
    double allowed = step == 0 ? 0 : order * StrictMath.log((step + 1.0) / step);
    ExcessGrowth.update(cells, 0, step, value, allowed, LASTING);
    step++;
  }

  @Test
  void nothingSeenHasNoExcess() {
    assertThat(ExcessGrowth.excess(cells, 0)).isZero();
    assertThat(ExcessGrowth.value(cells, 0)).isZero();
    assertThat(ExcessGrowth.ratePerStep(cells, 0, 0)).isNaN();
  }

  @Test
  void aPowerLawOfTheOrderOrLessHasNoExcess() {
    for (int i = 0; i < 10_000; i++) {
      next(1, 3 + StrictMath.log(i + 1));
      assertThat(ExcessGrowth.excess(cells, 0)).isLessThan(1e-9);
    }
  }

  @Test
  void exponentialGrowthExceedsByTheRateLessThePowerLaw() {
    double rate = 0.01;
    for (int i = 0; i < 1_000; i++) {
      next(1, 0);
    }
    for (int i = 1; i <= 200; i++) {
      next(1, rate * i);
    }
    double expected = rate * 200 - StrictMath.log(1_200.0 / 1_000);
    assertThat(ExcessGrowth.excess(cells, 0)).isCloseTo(expected, within(1e-9));
    assertThat(ExcessGrowth.ratePerStep(cells, 0, step - 1)).isCloseTo(rate, within(1e-9));
    assertThat(ExcessGrowth.onsetStep(cells, 0)).isEqualTo(1_000);
    assertThat(ExcessGrowth.value(cells, 0)).isCloseTo(2, within(1e-12));
  }

  @Test
  void aDipThatReturnsLeavesNoExcessBeyondThePowerLaw() {
    for (int i = 0; i < 1_000; i++) {
      next(1, 0);
    }
    for (int i = 0; i < 20; i++) {
      next(1, -8);
    }
    next(1, 0);
    assertThat(ExcessGrowth.excess(cells, 0)).isBetween(0.0, StrictMath.log(1_021.0 / 1_000));
  }

  @Test
  void growthThatStoppedIsForgottenAfterAsManyValuesAsStated() {
    for (int i = 0; i < 100_000; i++) {
      next(1, 0);
    }
    for (int i = 0; i < ExcessGrowth.STOPPED; i++) {
      next(1, 1);
      assertThat(ExcessGrowth.excess(cells, 0)).isGreaterThan(0.99);
    }
    next(1, 1);
    assertThat(ExcessGrowth.excess(cells, 0)).isZero();
    assertThat(ExcessGrowth.onsetStep(cells, 0)).isEqualTo(step - 1);
  }

  @Test
  void oneOutlierIsForgottenAtOnce() {
    double[] calm = new double[ExcessGrowth.CELLS];
    for (int i = 0; i < 1_000; i++) {
      double allowed = i == 0 ? 0 : StrictMath.log((i + 1.0) / i);
      double value = 0.001 * (i % 7);
      ExcessGrowth.update(calm, 0, i, value, allowed, LASTING);
      next(1, i == 900 ? StrictMath.log(1e30) : value);
    }
    assertThat(ExcessGrowth.excess(cells, 0)).isCloseTo(ExcessGrowth.excess(calm, 0), within(0.01));
    assertThat(ExcessGrowth.value(cells, 0)).isEqualTo(ExcessGrowth.value(calm, 0));
  }
}
