package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RobustCentreTest {
  private final double[] cells = new double[RobustCentre.CELLS + 3];
  private final Random random = new Random(7);

  private void learn(double... values) {
    for (double value : values) {
      RobustCentre.update(cells, 2, value);
    }
  }

  private double centre() {
    return RobustCentre.centre(cells, 2);
  }

  private double spread() {
    return RobustCentre.spread(cells, 2);
  }

  private double[] noise(int count, double centre, double spread) {
    return random.doubles(count).map(u -> centre + spread * random.nextGaussian()).toArray();
  }

  @Test
  void knowsNothingAtFirst() {
    assertThat(centre()).isNaN();
    assertThat(RobustCentre.leastOfFirst(cells, 2)).isNaN();
    learn(3);
    assertThat(centre()).isEqualTo(3);
    assertThat(spread()).isNaN();
  }

  @Test
  void isTheMedianOfTheFirstValues() {
    double[] first = noise(RobustCentre.FIRST, 0, 5);
    for (int i = 0; i < first.length; i++) {
      learn(first[i]);
      double[] sorted = Arrays.copyOf(first, i + 1);
      Arrays.sort(sorted);
      assertThat(centre()).isCloseTo((sorted[i / 2] + sorted[(i + 1) / 2]) / 2, within(1e-12));
      assertThat(RobustCentre.leastOfFirst(cells, 2)).isEqualTo(sorted[0]);
    }
  }

  @Test
  void nearlyHalfOfTheFirstValuesMayBeAnything() {
    for (int i = 0; i < RobustCentre.FIRST; i++) {
      learn(i % 2 == 1 && i < 18 ? 40 : 1 + 0.01 * i);
    }
    assertThat(centre()).isBetween(1.0, 1.2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.3, 2})
  void findsCentreAndSpreadOfNoise(double spread) {
    learn(noise(400, -3, spread));
    assertThat(centre()).isCloseTo(-3, within(0.4 * spread));
    assertThat(spread()).isCloseTo(spread, within(0.3 * spread));
  }

  @Test
  void oneOutlierMovesItByAtMostItsWeightTimesTheBound() {
    learn(noise(400, 0, 0.1));
    double before = centre();
    double most = Trend.weight(RobustCentre.CENTRE_HALF_LIFE) * RobustCentre.WINSOR * spread();
    learn(1_000);
    assertThat(centre()).isCloseTo(before + most, within(1e-9));
  }

  @Test
  void followsAJumpThatStays() {
    learn(noise(400, 0, 0.1));
    learn(noise(60, 5, 0.1));
    assertThat(centre()).isGreaterThan(3);
  }

  @Test
  void forgetsAll() {
    learn(noise(50, 0, 1));
    RobustCentre.restart(cells, 2);
    assertThat(cells).containsOnly(0);
  }
}
