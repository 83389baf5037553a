package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalGuardTest {
  private final LocalGuard guard = new LocalGuard();

  @Test
  void knowsNothingBeforeTheFirstNorm() {
    assertThat(guard.threshold(0)).isNaN();
    assertThat(guard.observe(0, 5)).isTrue();
    assertThat(guard.threshold(0)).as("scored before it is learned").isNaN();
    assertThat(guard.threshold(1)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void givesTheLeastOfTheFirstNormsAndTheLowerMedianOfTheNewestAfterwards(long seed) {
    Random random = new Random(seed);
    List<Double> norms = new ArrayList<>();
    for (int step = 0; step < 1_000; step++) {
      double norm = Math.exp(Math.rint(5 * random.nextGaussian())); // many are equal
      norms.add(norm);
      guard.observe(step, norm);
      assertThat(guard.threshold(step + 1))
          .as("step %s", step)
          .isEqualTo(norms.size() < 20 ? least(norms) : lowerMedian(norms));
    }
  }

  @Test
  void followsAGrowthOnceItHasLastedHalfOfWhatItKeeps() {
    int half = LocalGuard.RECENT_NORMS / 2;
    int step = 0;
    while (step < LocalGuard.RECENT_NORMS) {
      guard.observe(step++, 1);
    }
    for (int grown = 0; grown < half; grown++) {
      guard.observe(step++, 1e6);
    }
    assertThat(guard.threshold(step)).isEqualTo(1);
    guard.observe(step++, 1e6);
    assertThat(guard.threshold(step)).isEqualTo(1e6);
  }

  @Test
  void takesAStepOnceAndOneThatIsTakenBackAgain() {
    guard.observe(5, 1);
    assertThat(guard.observe(5, 0.1)).as("repeated").isFalse();
    assertThat(guard.threshold(6)).isEqualTo(1);
    assertThat(guard.observe(3, 0.5)).as("rewound").isTrue();
    assertThat(guard.threshold(3)).isEqualTo(1);
    assertThat(guard.threshold(4)).isEqualTo(0.5);
  }

  @Test
  void takesAStepThatWasRepeatedBecauseItsNormWasNone() {
    assertThat(guard.observe(5, Double.NaN)).isFalse();
    assertThat(guard.observe(5, 2)).isTrue();
    assertThat(guard.threshold(6)).isEqualTo(2);
  }

  private static double least(List<Double> norms) {
    return Collections.min(norms);
  }

  private static double lowerMedian(List<Double> norms) {
    List<Double> newest =
        norms.subList(Math.max(0, norms.size() - LocalGuard.RECENT_NORMS), norms.size());
    return newest.stream().sorted().toList().get((newest.size() - 1) / 2);
  }
}
