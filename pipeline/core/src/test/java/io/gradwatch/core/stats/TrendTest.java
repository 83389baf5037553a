package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrendTest {
  private final double[] cells = new double[Trend.CELLS];
  private long step;

  private void learn(double... values) {
    for (double value : values) {
      Trend.update(cells, 0, step++, value);
    }
  }

  @Test
  void readsNanWhileNothingWasSeen() {
    assertThat(Trend.fast(cells, 0)).isNaN();
    assertThat(Trend.medium(cells, 0)).isNaN();
    assertThat(Trend.slow(cells, 0)).isNaN();
    assertThat(Trend.low(cells, 0)).isNaN();
    assertThat(Trend.high(cells, 0)).isNaN();
    assertThat(Trend.last(cells, 0)).isNaN();
    assertThat(Trend.spread(cells, 0)).isNaN();
    assertThat(Trend.growth(cells, 0)).isNaN();
    assertThat(Trend.score(cells, 0, 1)).isNaN();
  }

  @Test
  void levelsArePlainMeansInYouth() {
    learn(1, 2, 6);
    assertThat(Trend.fast(cells, 0)).isCloseTo(3, within(1e-12));
    assertThat(Trend.slow(cells, 0)).isCloseTo(3, within(1e-12));
  }

  @Test
  void levelForgetsHalfOfASmallChangeInOneHalfLife() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      learn(random.nextGaussian());
    }
    double before = Trend.medium(cells, 0);
    for (int i = 0; i < Trend.MEDIUM_HALF_LIFE; i++) {
      learn(3);
    }
    assertThat(Trend.medium(cells, 0)).isCloseTo((before + 3) / 2, within(1e-9));
  }

  @Test
  void spreadOfNormalNoiseIsItsStandardDeviation() {
    Random random = new Random(2);
    double sum = 0;
    for (int i = 0; i < 20_000; i++) {
      learn(5 + 0.3 * random.nextGaussian());
      sum += i >= 10_000 ? Trend.spread(cells, 0) : 0;
    }
    assertThat(sum / 10_000).isCloseTo(0.3, within(0.01));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e30, -1e30, 1e308, 1e4})
  void oneOutlierIsForgottenAfterAHundredValues(double outlier) {
    double[] clean = new double[Trend.CELLS];
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      double value = random.nextGaussian();
      Trend.update(cells, 0, i, i == 400 ? outlier : value);
      Trend.update(clean, 0, i, value);
    }
    assertThat(Trend.fast(cells, 0)).isCloseTo(Trend.fast(clean, 0), within(0.001));
    assertThat(Trend.medium(cells, 0)).isCloseTo(Trend.medium(clean, 0), within(0.02));
    assertThat(Trend.slow(cells, 0)).isCloseTo(Trend.slow(clean, 0), within(0.05));
    assertThat(Trend.spread(cells, 0)).isCloseTo(Trend.spread(clean, 0), within(0.05));
  }

  @Test
  void aLastingChangeArrivesWithinTenValuesHoweverFar() {
    Random random = new Random(4);
    for (int i = 0; i < 200; i++) {
      learn(0.01 * random.nextGaussian());
    }
    for (int i = 0; i < 10; i++) {
      learn(2);
    }
    assertThat(Trend.fast(cells, 0)).isGreaterThan(1);
    assertThat(Trend.low(cells, 0)).isLessThan(0.1);
  }

  @Test
  void growthOfALineIsItsSlope() {
    for (int i = 0; i < 2_000; i++) {
      learn(0.002 * i);
    }
    assertThat(Trend.growth(cells, 0)).isCloseTo(0.002, within(0.0001));
  }

  @Test
  void growthOfAYoungLineIsItsSlope() {
    for (int i = 0; i < 60; i++) {
      learn(0.1 * i);
    }
    assertThat(Trend.growth(cells, 0)).isCloseTo(0.1, within(0.02));
  }

  @Test
  void lowIsKeptWhileTheSeriesRises() {
    for (int i = 0; i < 100; i++) {
      learn(1);
    }
    for (int i = 0; i < 100; i++) {
      learn(1 + 0.01 * i);
    }
    assertThat(Trend.low(cells, 0)).isCloseTo(1, within(1e-9));
    assertThat(Trend.lowStep(cells, 0)).isBetween(99L, 101L);
  }

  @Test
  void aForgivenRiseLiftsTheLowButNotAboveTheLevel() {
    learn(new double[50]);
    for (int i = 0; i < 50; i++) {
      learn(1);
    }
    Trend.forgive(cells, 0, 0.3);
    assertThat(Trend.low(cells, 0)).isCloseTo(0.3, within(1e-9));
    Trend.forgive(cells, 0, 5);
    assertThat(Trend.low(cells, 0)).isEqualTo(Trend.medium(cells, 0));
    Trend.forgive(cells, 0, 5);
    assertThat(Trend.low(cells, 0)).isEqualTo(Trend.medium(cells, 0));
  }

  @Test
  void isReadyAtTheLastValueOfItsLearning() {
    learn(new double[Trend.LEARNING - 1]);
    assertThat(Trend.ready(cells, 0)).isFalse();
    learn(0);
    assertThat(Trend.ready(cells, 0)).isTrue();
  }

  @Test
  void aConstantSeriesHasNoSpreadAndScoresAreFinite() {
    for (int i = 0; i < 100; i++) {
      learn(7);
    }
    assertThat(Trend.spread(cells, 0)).isZero();
    assertThat(Trend.score(cells, 0, 7)).isZero();
    assertThat(Trend.score(cells, 0, 8)).isFinite().isPositive();
  }

  @Test
  void learnsAnewAfterARestart() {
    learn(5, 5, 5);
    Trend.restart(cells, 0);
    assertThat(cells).containsOnly(0);
  }

  @Test
  void highIsKeptWhileTheSeriesFalls() {
    for (int i = 0; i < 100; i++) {
      learn(1);
    }
    for (int i = 0; i < 100; i++) {
      learn(1 - 0.01 * i);
    }
    assertThat(Trend.high(cells, 0)).isCloseTo(1, within(1e-9));
    assertThat(Trend.last(cells, 0)).isCloseTo(0.01, within(1e-9));
  }

  @Test
  void highIsOfTheLevelNotOfSingleValues() {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      learn(i == 200 ? 1e30 : 0.1 * random.nextGaussian());
    }
    assertThat(Trend.high(cells, 0)).isBetween(0.0, 0.1);
  }

  @Test
  void growthIsThatOfTheAgesWhateverTheCount() {
    for (int count = 1; count <= 12_000; count++) {
      learn(0.001 * count);
      double lag =
          Trend.age(Trend.weight(Trend.SLOW_HALF_LIFE), count)
              - Trend.age(Trend.weight(Trend.MEDIUM_HALF_LIFE), count);
      if (count >= Trend.LEARNING && lag > 0) {
        assertThat(Trend.growth(cells, 0))
            .isEqualTo((Trend.medium(cells, 0) - Trend.slow(cells, 0)) / lag);
      }
    }
  }

  @Test
  void growthSinceTheLowIsTheSlopeFromWhereTheSeriesLeftIt() {
    for (int i = 0; i < 200; i++) {
      learn(3 + (i % 2 == 0 ? 0.01 : -0.01));
    }
    for (int i = 1; i <= 100; i++) {
      learn(3 + 0.02 * i);
    }
    assertThat(Trend.growthSinceLow(cells, 0, step - 1)).isCloseTo(0.02, within(0.002));
  }

  @Test
  void growthSinceTheLowIsPerStepNotPerValue() {
    for (int i = 0; i < 200; i++) {
      Trend.update(cells, 0, 50L * i, 3 + (i % 2 == 0 ? 0.01 : -0.01));
    }
    for (int i = 0; i < 100; i++) {
      Trend.update(cells, 0, 50L * (200 + i), 3 + 0.02 * i);
    }
    assertThat(Trend.growthSinceLow(cells, 0, 50L * 299)).isCloseTo(0.02 / 50, within(4e-5));
  }

  @Test
  void growthSinceALowOfThisVeryStepIsNotKnown() {
    learn(3, 2, 1);
    assertThat(Trend.growthSinceLow(cells, 0, step - 1)).isNaN();
  }
}
