package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.ClipRecommendation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of the README's contract on layers, components, the learning rate and going back. */
class ScopesAndRescueTest {
  private static final double OWN = 7;

  private final AdvisedTrainer trainer = AdvisedTrainer.following();

  @Test
  void givesAdviceOfEveryKindWhileItIsInForce() {
    trainer.receives(advice());

    assertThat(trainer.advisor.layerThreshold(100, 0, OWN)).isEqualTo(0.25);
    assertThat(trainer.advisor.layerThreshold(100, 2, OWN)).isEqualTo(4);
    assertThat(trainer.advisor.clipValue(100, OWN)).isEqualTo(0.125);
    assertThat(trainer.advisor.learningRateFactor(100)).isEqualTo(0.5);
    assertThat(trainer.advisor.rollbackStep(100)).isEqualTo(90);
    assertThat(trainer.advisor.rollbackStep(200)).as("the last step it holds for").isEqualTo(90);
  }

  @ParameterizedTest
  @ValueSource(longs = {99, 201})
  void givesNoneBeforeItWasMadeAndAfterTheStepItHoldsFor(long step) {
    trainer.receives(advice());

    assertNoAdvice(trainer.advisor, step);
  }

  @Test
  void givesNoneOlderThanTheTrainersOwnLimit() {
    ClipRecommendation everlasting = advice();
    everlasting.setValidUntilStep(Long.MAX_VALUE);
    trainer.receives(everlasting);

    assertThat(trainer.advisor.learningRateFactor(1_100)).isEqualTo(0.5);
    assertNoAdvice(trainer.advisor, 1_101);
  }

  @Test
  void givesNoneWhereNoneHasComeOrItWasWithdrawn() {
    assertNoAdvice(trainer.advisor, 100);
    trainer.receives(advice());
    trainer.receives((byte[]) null);

    assertNoAdvice(trainer.advisor, 100);
  }

  @Test
  void givesNoneWhereAdviceIsOnTheThresholdOnly() {
    trainer.receives(Advice.of(0.5, 1, 100));

    assertNoAdvice(trainer.advisor, 100);
  }

  @Test
  void givesNoneWhenSwitchedOffOrClosed() {
    trainer.receives(advice());

    trainer.advisor.disable();
    assertNoAdvice(trainer.advisor, 100);
    trainer.advisor.enable();
    assertThat(trainer.advisor.learningRateFactor(100)).isEqualTo(0.5);
    trainer.advisor.close();
    assertNoAdvice(trainer.advisor, 100);
  }

  @ParameterizedTest
  @EnumSource(
      value = AdviceMode.class,
      names = {"SHADOW", "OFF"})
  void givesNoneWhereAdviceMayNotBeFollowed(AdviceMode mode) {
    AdvisedTrainer other = AdvisedTrainer.using(mode, null);
    other.receives(advice());
    other.advisor.enable();

    assertNoAdvice(other.advisor, 100);
  }

  @Test
  void givesNoThresholdsOfLayersAndComponentsWithoutBoundsForThem() {
    AdvisedTrainer other = AdvisedTrainer.followingTheGlobalThreshold();
    other.receives(advice());

    assertThat(other.advisor.layerThreshold(100, 0, OWN)).isEqualTo(OWN);
    assertThat(other.advisor.layerThreshold(100, 0, Double.NaN)).isInfinite();
    assertThat(other.advisor.clipValue(100, OWN)).isEqualTo(OWN);
    assertThat(other.advisor.clipValue(100, Double.NaN)).isInfinite();
    assertThat(other.advisor.clipThreshold(100, 1)).isEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource({"1e-9, 0.01, 0.001", "0.25, 0.25, 0.25", "1e30, 5, 0.5"})
  void keepsThresholdsWithinTheBoundsOfTheirKind(double advised, double layer, double value) {
    ClipRecommendation advice = advice();
    advice.setLayerClipThresholds(List.of((float) advised));
    advice.setClipValue(advised);
    trainer.receives(advice);

    assertThat(trainer.advisor.layerThreshold(100, 0, OWN)).isEqualTo(layer);
    assertThat(trainer.advisor.clipValue(100, OWN)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, -1})
  void takesAThresholdThatCannotBeAsNone(double advised) {
    ClipRecommendation advice = advice();
    advice.setLayerClipThresholds(List.of((float) advised, 0.5f));
    advice.setClipValue(advised);
    trainer.receives(advice);

    assertThat(trainer.advisor.layerThreshold(100, 0, OWN)).isEqualTo(OWN);
    assertThat(trainer.advisor.layerThreshold(100, 1, OWN)).as("its neighbour").isEqualTo(0.5);
    assertThat(trainer.advisor.clipValue(100, OWN)).isEqualTo(OWN);
    assertThat(trainer.advisor.clipThreshold(100, 1)).as("the rest of it").isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 3, Integer.MAX_VALUE})
  void hasNoAdviceOnALayerThatIsNone(int layer) {
    trainer.receives(advice());

    assertThat(trainer.advisor.layerThreshold(100, layer, OWN)).isEqualTo(OWN);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.25",
    "1e-9, 0.25",
    "0.25, 0.25",
    "0.75, 0.75",
    "1, 1",
    "1.5, 1",
    "1e300, 1",
    "NaN, 1",
    "Infinity, 1",
    "-Infinity, 1",
    "-0.5, 1"
  })
  void lowersTheLearningRateToTheFloorAndNeverRaisesIt(double advised, double factor) {
    ClipRecommendation advice = advice();
    advice.setLearningRateFactor(advised);
    trainer.receives(advice);

    assertThat(trainer.advisor.learningRateFactor(100)).isEqualTo(factor);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "100, 100",
    "101, -1",
    "150, -1",
    "9223372036854775807, -1",
    "-1, -1",
    "-9223372036854775808, -1"
  })
  void goesBackToAStepNotAfterTheOneItWasAdvisedAt(long advised, long step) {
    ClipRecommendation advice = advice();
    advice.setRollbackStep(advised);
    trainer.receives(advice);

    assertThat(trainer.advisor.rollbackStep(150)).isEqualTo(step);
  }

  private static void assertNoAdvice(Advisor advisor, long step) {
    assertThat(advisor.layerThreshold(step, 0, OWN)).isEqualTo(OWN);
    assertThat(advisor.layerThreshold(step, 0, Double.POSITIVE_INFINITY)).isInfinite();
    assertThat(advisor.layerThreshold(step, 0, Double.NaN))
        .isEqualTo(AdvisedTrainer.LAYERS.ceiling());
    assertThat(advisor.clipValue(step, OWN)).isEqualTo(OWN);
    assertThat(advisor.clipValue(step, Double.NaN)).isEqualTo(AdvisedTrainer.VALUES.ceiling());
    assertThat(advisor.learningRateFactor(step)).isEqualTo(1);
    assertThat(advisor.rollbackStep(step)).isEqualTo(-1);
  }

  private static ClipRecommendation advice() {
    ClipRecommendation advice = Advice.ofAllKinds();
    advice.setAttempt(1);
    return advice;
  }
}
