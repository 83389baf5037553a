package io.gradwatch.core.closedloop;

import static io.gradwatch.core.closedloop.Training.STEPS;
import static io.gradwatch.core.closedloop.Training.calm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.closedloop.ClosedLoop.Outcome;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How the advice moves while trainings follow it. */
class AdviceInTheLoopTest {
  private static final long SEED = 1;
  private static final int DISTURBED_FROM = 250;
  private static final int DISTURBED_TO = 310;

  private static final Stress MANY_CORRUPT =
      calm().with(Stress.CORRUPT, DISTURBED_FROM, DISTURBED_TO);

  private static final List<Stress> STRESSES =
      List.of(
          calm(),
          MANY_CORRUPT,
          calm().withCorruptBatches(6, SEED).withNonFinite(17),
          calm().withHeavyTails(0, STEPS, SEED));

  /** A raise is at most by a third. */
  private static final double MOST_RAISE = 4.0 / 3;

  /** A fall is at most to a third. */
  private static final double MOST_FALL = 1.0 / 3;

  static Stream<Arguments> trainingsAndLags() {
    return Stream.of(Training.values())
        .flatMap(training -> Stream.of(1, 5, 20).map(lag -> Arguments.of(training, lag)));
  }

  static Stream<Arguments> trainingsAndScales() {
    return Stream.of(Training.QUADRATIC, Training.NETWORK, Training.EXPLODING_NETWORK)
        .flatMap(training -> Stream.of(1e4, 1e-6).map(scale -> Arguments.of(training, scale)));
  }

  @ParameterizedTest
  @MethodSource("trainingsAndLags")
  void neverRisesFromTheFirstToTheLastOfManyCorruptBatches(Training training, int lag) {
    double before = Double.NaN;
    for (Recommendation advice : advice(training, lag, MANY_CORRUPT)) {
      if (advice.madeAtStep() >= DISTURBED_FROM && advice.madeAtStep() < DISTURBED_TO) {
        assertThat(advice.clipThreshold()).isLessThanOrEqualTo(before);
      }
      before = advice.clipThreshold();
    }
  }

  @ParameterizedTest
  @MethodSource("trainingsAndLags")
  void freezesMeanwhileAndNeverRisesFrozen(Training training, int lag) {
    List<Recommendation> advice = advice(training, lag, MANY_CORRUPT);
    assertThat(advice).anyMatch(Recommendation::frozen);
    for (int i = 1; i < advice.size(); i++) {
      if (advice.get(i).frozen()) {
        assertThat(advice.get(i).clipThreshold())
            .isLessThanOrEqualTo(advice.get(i - 1).clipThreshold());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("trainingsAndLags")
  void changesRarelyAndByBoundedFactors(Training training, int lag) {
    for (Stress stress : STRESSES) {
      List<Recommendation> advice = advice(training, lag, stress);
      int changes = 0;
      for (int i = 1; i < advice.size(); i++) {
        double factor = advice.get(i).clipThreshold() / advice.get(i - 1).clipThreshold();
        assertThat(factor).isBetween(MOST_FALL, MOST_RAISE);
        changes += factor == 1 ? 0 : 1;
      }
      assertThat(changes).as("changes in %d steps", STEPS).isLessThanOrEqualTo(STEPS / 7);
    }
  }

  @ParameterizedTest
  @MethodSource("trainingsAndScales")
  void theUnitOfTheLossDoesNotMatter(Training training, double scale) {
    Stress stress = calm().withCorruptBatches(6, SEED);
    Outcome plain = training.run(SEED, stress, new Advised(5));
    Outcome scaled =
        ClosedLoop.run(new Rescaled(training.begin(SEED), scale), stress, new Advised(5));

    assertThat(scaled.finalLoss() / scale)
        .isCloseTo(plain.finalLoss(), within(1e-6 * plain.finalLoss()));
    for (int step = 1; step < STEPS; step++) {
      double threshold = plain.thresholds()[step];
      assertThat(scaled.thresholds()[step] / scale).isCloseTo(threshold, within(1e-6 * threshold));
    }
  }

  private static List<Recommendation> advice(Training training, int lag, Stress stress) {
    return training.run(SEED, stress, new Advised(lag)).advice();
  }
}
