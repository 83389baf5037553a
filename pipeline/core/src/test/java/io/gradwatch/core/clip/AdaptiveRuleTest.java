package io.gradwatch.core.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.RobustCentre;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveRuleTest {
  private final AdaptiveRule rule = new AdaptiveRule(Policy.defaults().clip());
  private final double[] cells = new double[rule.cells()];
  private final RunSeries series = new RunSeries();
  private final Reading reading = new Reading();
  private final Random random = new Random(3);
  private long step;
  private double threshold;

  private void step(double loss, double norm) {
    Observation observation = new Observation().set(Scalar.LOSS, loss).set(Scalar.GRAD_NORM, norm);
    reading.take(series, step++, observation, false);
    threshold = rule.wanted(cells, reading, series, false);
  }

  /** Steps whose logarithms are those given and noise of the given spreads. */
  private void steps(
      int count, IntToDoubleFunction loss, double lossSpread, double norm, double normSpread) {
    for (int i = 0; i < count; i++) {
      step(
          StrictMath.exp(loss.applyAsDouble(i) + lossSpread * random.nextGaussian()),
          StrictMath.exp(norm + normSpread * random.nextGaussian()));
    }
  }

  private static double falling(int step) {
    return -0.002 * step;
  }

  @Test
  void isTheLeastOfTheFirstNormsHoweverTheyExplode() {
    double[] norms = {2, 3, 4e7, 1.5, 9e18, 7, 1e3};
    double least = Double.POSITIVE_INFINITY;
    for (double norm : norms) {
      step(1, norm);
      least = Math.min(least, norm);
      assertThat(threshold).isCloseTo(least, within(1e-9 * least));
    }
  }

  @Test
  void hasSettledAfterFortyNormsThatItLearnt() {
    steps(20, AdaptiveRuleTest::falling, 0.02, 0, 0.05);
    step(1, Double.NaN);
    steps(19, AdaptiveRuleTest::falling, 0.02, 0, 0.05);
    assertThat(rule.settled(cells)).isFalse();
    steps(1, AdaptiveRuleTest::falling, 0.02, 0, 0.05);
    assertThat(rule.settled(cells)).isTrue();
  }

  @Test
  void leavesEvenNormsTheirHeadroom() {
    steps(400, AdaptiveRuleTest::falling, 0.02, 0, 0.05);
    assertThat(threshold).isBetween(1.8, 2.2);
  }

  @Test
  void normsThatStrayWhileTheLossDoesNotAreNoiseOfBatches() {
    steps(400, AdaptiveRuleTest::falling, 0.02, 0, 0.35);
    assertThat(threshold).isBetween(1.1, 2.2);
  }

  @Test
  void isBelowTheUsualNormWhereNormsAndLossAreRough() {
    steps(400, i -> i % 40 < 20 ? -1 : 1, 0.3, 0, 0.5);
    assertThat(threshold).isLessThan(0.7);
  }

  @Test
  void isRestrainedEarlyWhereNormsAndLossAreRough() {
    steps(30, AdaptiveRuleTest::falling, 0.3, 0, 0.35);
    double early = threshold;
    assertThat(rule.lowering(cells, step, series).restraint()).isBetween(0.9, AdaptiveRule.EARLY);
    steps(570, AdaptiveRuleTest::falling, 0.3, 0, 0.35);
    assertThat(threshold).isGreaterThan(3 * early);
    assertThat(rule.lowering(cells, step, series).restraint()).isZero();
  }

  @Test
  void isNotRestrainedWhereTheRunIsJoinedLate() {
    step = 10_000;
    steps(60, AdaptiveRuleTest::falling, 0.3, 0, 0.35);
    assertThat(rule.lowering(cells, step, series).restraint()).isZero();
  }

  @Test
  void isNotRestrainedWhereTheLossCannotBeJudged() {
    for (int i = 0; i < 60; i++) {
      step(Double.NaN, StrictMath.exp(0.35 * random.nextGaussian()));
    }
    assertThat(rule.lowering(cells, step, series).restraint()).isZero();
  }

  @Test
  void isNotRestrainedWhereTheLossIsEven() {
    steps(60, AdaptiveRuleTest::falling, 0.02, 0, 0.35);
    assertThat(threshold).isBetween(1.1, 2.2);
  }

  @Test
  void isTightWhereNormsHaveTailsHoweverCalmTheLossSeems() {
    steps(400, AdaptiveRuleTest::falling, 0.6, 0, 1.5);
    assertThat(threshold).isBetween(0.3, 0.9);
  }

  @Test
  void trustsALossThatHasNotRisenForLong() {
    steps(600, AdaptiveRuleTest::falling, 0.3, 0, 0.35);
    assertThat(threshold).isBetween(1.1, 2.2);
  }

  @Test
  void sinksWhileTheLossStandsAboveItsLowestAndComesBack() {
    steps(200, AdaptiveRuleTest::falling, 0.02, 0, 0.05);
    double before = threshold;
    steps(60, i -> 2, 0.02, 0, 0.05);
    assertThat(threshold).isBetween(before * 0.009, before * 0.2);
    steps(300, i -> -3, 0.02, 0, 0.05);
    assertThat(threshold).isBetween(0.9 * before, 1.1 * before);
  }

  @Test
  void goesWithNormsThatGrowWhileTheLossFalls() {
    for (int i = 0; i < 300; i++) {
      steps(1, AdaptiveRuleTest::falling, 0.02, 0.02 * i, 0.05);
    }
    assertThat(threshold)
        .as("norms stand at %s", StrictMath.exp(6))
        .isGreaterThan(StrictMath.exp(6));
  }

  @Test
  void isTightWhereItIsNotToldTheLoss() {
    for (int i = 0; i < 300; i++) {
      step(Double.NaN, StrictMath.exp(0.4 * random.nextGaussian()));
    }
    assertThat(threshold).isBetween(0.35, 0.8);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 0})
  void aNormThatIsNoneChangesNothing(double odd) {
    steps(100, AdaptiveRuleTest::falling, 0.02, 0, 0.05);
    double before = rule.centre(cells, series);
    step(StrictMath.exp(falling(100)), odd);
    assertThat(rule.centre(cells, series)).isEqualTo(before);
    assertThat(threshold).isBetween(1.8, 2.2);
  }

  @Test
  void saysWhatItRestsOnAndBetweenWhichBounds() {
    steps(400, AdaptiveRuleTest::falling, 0.3, 1, 0.4);
    assertThat(rule.centre(cells, series))
        .isEqualTo(RobustCentre.centre(cells, 0))
        .isBetween(0.7, 1.3);
    assertThat(rule.spread(cells, series)).isBetween(0.25, 0.55);
    assertThat(threshold).isBetween(rule.floor(cells), rule.ceiling(cells));
  }
}
