package io.gradwatch.core.closedloop;

import static io.gradwatch.core.closedloop.Training.STEPS;
import static io.gradwatch.core.closedloop.Training.calm;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.closedloop.ClosedLoop.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of trainings that follow the advice 1 to 20 steps late. */
class ClosedLoopTest {
  /** Share of the first loss below which a training has converged; sound ones come to 0.05. */
  private static final double CONVERGED = 0.1;

  private static final int NON_FINITE_INTERVAL_STEPS = 17;

  /** Thresholds to choose from with hindsight; the best lie between the first and the last. */
  private static final double[] GRID = {1.0 / 4, 1, 4, 16};

  static Stream<Arguments> stableTrainingsAndLags() {
    return Stream.of(Training.QUADRATIC, Training.NETWORK)
        .flatMap(training -> Stream.of(1, 5, 20).map(lag -> Arguments.of(training, lag)));
  }

  private static Stress corrupt(long seed) {
    return calm().withCorruptBatches(6, seed);
  }

  private static Stress heavyTailed(long seed) {
    return calm().withHeavyTails(0, STEPS, seed);
  }

  @ParameterizedTest
  @MethodSource("stableTrainingsAndLags")
  void convergesWhereCorruptBatchesLoseTheRunWithoutClipping(Training training, int lag) {
    assertThat(training.runAll(seed -> calm(), Clipping::none)).allMatch(ClosedLoopTest::converged);
    assertConvergesWhereNoClippingLoses(training, ClosedLoopTest::corrupt, lag);
  }

  @ParameterizedTest
  @MethodSource("stableTrainingsAndLags")
  void convergesWithStepsThatAreNotFiniteAmongThem(Training training, int lag) {
    assertConvergesWhereNoClippingLoses(
        training, seed -> corrupt(seed).withNonFinite(NON_FINITE_INTERVAL_STEPS), lag);
  }

  @ParameterizedTest
  @MethodSource("stableTrainingsAndLags")
  void convergesWhereFirstStepsAreHeavyTailed(Training training, int lag) {
    assertConverges(training, seed -> calm().withHeavyTails(0, 20, seed), lag);
  }

  @ParameterizedTest
  @MethodSource("stableTrainingsAndLags")
  void convergesWhereTheSecondBatchIsCorrupt(Training training, int lag) {
    assertConverges(training, seed -> calm().with(Stress.CORRUPT, 1, 2), lag);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20})
  void convergesWhereTheFirstStepsOfANetworkExplode(int lag) {
    assertThat(Training.EXPLODING_NETWORK.runAll(seed -> calm(), Clipping::none))
        .as("most are lost")
        .filteredOn(Outcome::isLost)
        .hasSizeGreaterThan(1);
    assertConverges(Training.EXPLODING_NETWORK, seed -> calm(), lag);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20})
  void convergesWhereTheFirstStepsOfAQuadraticExplode(int lag) {
    assertConvergesWhereNoClippingLoses(Training.QUADRATIC, seed -> calm().with(5, 0, 10), lag);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20})
  void convergesAfterManyCorruptBatchesInARow(int lag) {
    for (Training training : List.of(Training.QUADRATIC, Training.NETWORK)) {
      assertConvergesWhereNoClippingLoses(
          training, seed -> calm().with(Stress.CORRUPT, 250, 265), lag);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20})
  void letsAHealthyRunGrow(int lag) {
    Supplier<Clipping> advised = () -> new Advised(lag);
    List<Outcome> free = Training.GROWING_NETWORK.runAll(seed -> calm(), Clipping::none);

    assertThat(free).allMatch(run -> growth(run) > 1.5);
    assertThat(lossLeft(Training.GROWING_NETWORK.runAll(seed -> calm(), advised)))
        .isLessThan(1.08 * lossLeft(free));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20})
  void clipsFewStepsOfAHealthyRunWithEvenNorms(int lag) {
    assertThat(Training.EVEN_QUADRATIC.runAll(seed -> calm(), () -> new Advised(lag)))
        .extracting(ClosedLoopTest::clippedShareOfSecondHalf)
        .allMatch(share -> share < 0.15);
  }

  @Test
  void isHardlyWorseThanTheBestFixedThresholdChosenWithHindsight() {
    List<LongFunction<Stress>> stresses =
        List.of(seed -> calm(), ClosedLoopTest::corrupt, ClosedLoopTest::heavyTailed);
    double[] regrets =
        Stream.of(Training.QUADRATIC, Training.NETWORK)
            .flatMap(training -> stresses.stream().map(stress -> regrets(training, stress)))
            .flatMapToDouble(DoubleStream::of)
            .toArray();

    assertThat(DoubleStream.of(regrets).max().orElseThrow()).isLessThan(0.4);
    assertThat(DoubleStream.of(regrets).average().orElseThrow()).isLessThan(0.05);
  }

  private static double clippedShareOfSecondHalf(Outcome run) {
    return IntStream.range(STEPS / 2, STEPS)
            .filter(step -> run.norms()[step] > run.thresholds()[step])
            .count()
        / (STEPS / 2.0);
  }

  /** ln of the factor by which the loss is above that with the best threshold, for each lag. */
  private static double[] regrets(Training training, LongFunction<Stress> stress) {
    double best =
        DoubleStream.of(GRID)
            .map(threshold -> lossLeft(training.runAll(stress, () -> Clipping.fixed(threshold))))
            .min()
            .orElseThrow();
    return IntStream.of(1, 5, 20)
        .mapToDouble(lag -> lossLeft(training.runAll(stress, () -> new Advised(lag))))
        .map(left -> StrictMath.log(left / best))
        .toArray();
  }

  private static void assertConvergesWhereNoClippingLoses(
      Training training, LongFunction<Stress> stress, int lag) {
    assertThat(training.runAll(stress, Clipping::none)).allMatch(Outcome::isLost);
    assertConverges(training, stress, lag);
  }

  private static void assertConverges(Training training, LongFunction<Stress> stress, int lag) {
    assertThat(training.runAll(stress, () -> new Advised(lag))).allMatch(ClosedLoopTest::converged);
  }

  private static boolean converged(Outcome run) {
    return run.left() < CONVERGED;
  }

  /** Geometric mean of the shares of the first loss that are left. */
  private static double lossLeft(List<Outcome> runs) {
    return StrictMath.exp(
        runs.stream().mapToDouble(run -> StrictMath.log(run.left())).average().orElseThrow());
  }

  /** Largest factor by which the mean norm of 50 steps exceeds that of 50 steps before. */
  private static double growth(Outcome run) {
    double least = Double.POSITIVE_INFINITY;
    double growth = 0;
    for (int from = 0; from < STEPS; from += 50) {
      double mean = Arrays.stream(run.norms(), from, from + 50).average().orElseThrow();
      least = Math.min(least, mean);
      growth = Math.max(growth, mean / least);
    }
    return growth;
  }
}
