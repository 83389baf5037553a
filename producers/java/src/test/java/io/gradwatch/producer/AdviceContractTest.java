package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.records.ClipRecommendation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the contract in the README: situation, what is applied. */
class AdviceContractTest {
  private static final double GUARD = 2;
  private static final double OWN = 7;

  private final AdvisedTrainer trainer = AdvisedTrainer.following();

  @Test
  void appliesTheCeilingBeforeTheFirstNorm() {
    assertThat(threshold(0)).isEqualTo(AdvisedTrainer.CEILING);
    assertThat(AdvisedTrainer.following().advisor.clipThreshold(0, 1e6))
        .isEqualTo(AdvisedTrainer.CEILING);
  }

  @Test
  void guardsWithTheLeastOfTheFirstNormsBefore() {
    trainer.takes(0, 4, 3, 1e9);

    assertThat(trainer.advisor.clipThreshold(3, 1)).isEqualTo(3);
    assertThat(trainer.advisor.clipThreshold(3, 1)).as("asked again").isEqualTo(3);
    assertThat(trainer.advisor.clipThreshold(4, 5)).isEqualTo(1);
  }

  @Test
  void guardsWithTheMedianOfTheNormsBeforeFromTheTwentiethOn() {
    trainer.takes(0, 1, 2);
    for (int step = 2; step < 19; step++) {
      trainer.takes(step, 5);
    }

    assertThat(trainer.advisor.clipThreshold(19, 1e9)).as("least of 19").isEqualTo(1);
    assertThat(trainer.advisor.clipThreshold(20, 1e9)).as("median of 20").isEqualTo(5);
    assertThat(trainer.advisor.clipThreshold(20, 1e9)).as("asked again").isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"1e-6, 0.1", "0.1, 0.1", "3, 3", "10, 10", "1e6, 10"})
  void guardsWithinTheBounds(double norm, double applied) {
    trainer.takes(0, norm);

    assertThat(threshold(1)).isEqualTo(applied);
  }

  @Test
  void appliesTheTrainersOwnRuleInsteadOfTheGuard() {
    trainer.takes(0, GUARD);

    assertThat(trainer.advisor.clipThreshold(1, 1, OWN)).isEqualTo(OWN);
    assertThat(trainer.advisor.clipThreshold(1, 1, 1e9)).as("as it is").isEqualTo(1e9);
    assertThat(trainer.advisor.clipThreshold(1, 1, Double.POSITIVE_INFINITY)).isInfinite();
    assertThat(trainer.advisor.clipThreshold(1, 1, Double.NaN)).as("none").isEqualTo(GUARD);
  }

  @ParameterizedTest
  @CsvSource({"1e-9, 0.1", "0.1, 0.1", "0.5, 0.5", "10, 10", "1e300, 10"})
  void appliesAdviceWithinTheBounds(double advised, double applied) {
    trainer.receives(Advice.of(advised, 1, 100));

    assertThat(threshold(100)).isEqualTo(applied);
    assertThat(trainer.advisor.clipThreshold(100, 1, OWN)).isEqualTo(applied);
    assertThat(trainer.advisor.recommendation()).isEqualTo(Advice.of(advised, 1, 100));
  }

  @Test
  void appliesAdviceUntilTheStepItHoldsFor() {
    trainer.takes(0, GUARD);
    trainer.receives(Advice.of(0.5, 1, 100));

    assertThat(threshold(99)).as("made at a step to come").isEqualTo(GUARD);
    assertThat(threshold(100)).isEqualTo(0.5);
    assertThat(threshold(200)).isEqualTo(0.5);
    assertThat(trainer.advisor.recommendation()).isNotNull();
    assertThat(threshold(201)).isEqualTo(1);
    assertThat(trainer.advisor.recommendation()).isNull();
  }

  @Test
  void appliesNoAdviceOlderThanTheTrainersOwnLimit() {
    trainer.takes(0, GUARD);
    ClipRecommendation everlasting = Advice.of(0.5, 1, 100);
    everlasting.setValidUntilStep(Long.MAX_VALUE);
    trainer.receives(everlasting);

    assertThat(threshold(1_100)).isEqualTo(0.5);
    assertThat(threshold(1_101)).isEqualTo(1);
    assertThat(threshold(Long.MAX_VALUE)).isEqualTo(1);
  }

  @Test
  void guardsWithRecentNormsWhereAdviceThatWasFollowedEnds() {
    trainer.takes(0, 1e3, 1e3, 1e3);
    trainer.receives(Advice.of(0.5, 1, 3));
    for (int step = 3; step <= 103; step++) {
      assertThat(trainer.advisor.clipThreshold(step, 0.4)).isEqualTo(0.5);
    }

    assertThat(trainer.advisor.clipThreshold(104, 0.4)).isEqualTo(0.4);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, -1})
  void appliesNoThresholdThatCannotBe(double advised) {
    trainer.takes(0, GUARD);
    trainer.receives(Advice.of(advised, 1, 100));

    assertThat(threshold(100)).isEqualTo(GUARD);
  }

  @Test
  void appliesNoAdviceForOthers() {
    trainer.takes(0, GUARD);
    ClipRecommendation otherRun = Advice.of(0.5, 1, 100);
    otherRun.setRunId("another");
    ClipRecommendation otherProject = Advice.of(0.5, 1, 100);
    otherProject.setProject("another");
    trainer.receives(otherRun);
    trainer.receives(otherProject);
    trainer.receives(Advice.of(0.5, 0, 100));
    trainer.receives(Advice.of(0.5, 2, 100));

    assertThat(threshold(100)).isEqualTo(GUARD);
  }

  @Test
  void guardsWhereAdviceIsNotOnTheThreshold() {
    trainer.takes(0, GUARD);
    trainer.receives(Advice.of(null, 1, 100));

    assertThat(threshold(100)).isEqualTo(GUARD);
    assertThat(trainer.advisor.recommendation()).as("for its other advice").isNotNull();
  }

  @Test
  void guardsWhereAdviceIsWithdrawn() {
    trainer.takes(0, GUARD);
    trainer.receives(Advice.of(0.5, 1, 100));
    trainer.receives((byte[]) null);

    assertThat(threshold(100)).isEqualTo(GUARD);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -1})
  void learnsNothingFromNormsThatAreNone(double norm) {
    trainer.takes(0, GUARD);

    assertThat(trainer.advisor.clipThreshold(1, norm)).isEqualTo(GUARD);
    assertThat(threshold(2)).isEqualTo(GUARD);
    assertThat(Advisor.clipFactor(norm, GUARD)).isEqualTo(1);
  }

  @Test
  void appliesTheCeilingOrTheTrainersOwnRuleWhenSwitchedOff() {
    trainer.takes(0, GUARD);
    trainer.receives(Advice.of(0.5, 1, 100));

    trainer.advisor.disable();
    assertThat(threshold(100)).isEqualTo(AdvisedTrainer.CEILING);
    assertThat(trainer.advisor.clipThreshold(100, 1, OWN)).isEqualTo(OWN);
    assertThat(trainer.advisor.recommendation()).isNull();
    trainer.advisor.enable();
    assertThat(threshold(100)).isEqualTo(0.5);
    trainer.advisor.close();
    trainer.advisor.enable();
    assertThat(threshold(100)).as("closed").isEqualTo(AdvisedTrainer.CEILING);
  }

  @ParameterizedTest
  @EnumSource(
      value = AdviceMode.class,
      names = {"SHADOW", "OFF"})
  void appliesTheCeilingOrTheTrainersOwnRuleWhereAdviceMayNotBeFollowed(AdviceMode mode) {
    AdvisedTrainer other = AdvisedTrainer.using(mode, null);
    other.takes(0, GUARD);
    other.receives(Advice.of(0.5, 1, 100));
    other.advisor.enable();

    assertThat(other.advisor.clipThreshold(100, 1)).isEqualTo(AdvisedTrainer.CEILING);
    assertThat(other.advisor.clipThreshold(100, 1, OWN)).isEqualTo(OWN);
    assertThat(other.advisor.recommendation()).isNull();
  }

  @Test
  void countsInShadowWhatItWouldHaveClipped() {
    AdvisedTrainer shadow = AdvisedTrainer.shadowing();
    shadow.takes(0, 4, 8, 4, Double.NaN);
    shadow.receives(Advice.of(0.5, 1, 100));
    shadow.takes(100, 0.25, 0.5, 1, 2, Double.NaN);
    shadow.advisor.clipThreshold(105, 1, OWN);
    shadow.advisor.disable();
    shadow.takes(106, 1e9);

    AdvisorStats stats = shadow.advisor.stats();
    assertThat(stats.guard()).isEqualTo(new ClipEngagement(3, 1, (1 + 0.5 + 1) / 3));
    assertThat(stats.advice().steps()).isEqualTo(5);
    assertThat(stats.advice().clippedShare()).isEqualTo(3.0 / 5);
    assertThat(stats.advice().meanFactor())
        .isCloseTo((1 + 1 + 0.5 + 0.25 + 0.5) / 5, within(1e-15));
  }

  @Test
  void countsWhatItClipsTheSameWay() {
    trainer.receives(Advice.of(0.5, 1, 100));
    trainer.takes(100, 0.25, 1);
    trainer.takes(101, 1);

    assertThat(trainer.advisor.stats().advice())
        .as("a step asked for twice counts once")
        .isEqualTo(new ClipEngagement(2, 1, 0.75));
    assertThat(trainer.advisor.stats().guard().meanFactor()).isNaN();
    assertThat(trainer.advisor.stats().guard().clippedShare()).isNaN();
  }

  @Test
  void countsNoGuardWhereTheTrainersOwnRuleApplies() {
    trainer.advisor.clipThreshold(0, 100, OWN);

    assertThat(trainer.advisor.stats().guard().steps()).isZero();
  }

  private double threshold(long step) {
    return trainer.advisor.clipThreshold(step, 1);
  }
}
