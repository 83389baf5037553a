package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.clip.AdviceReason;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a recommendation says besides the global threshold. */
class AdviceRecordsTest {
  private final Trainings training = new Trainings(43);

  private Recommendation newest() {
    return training.recommendations.get(training.recommendations.size() - 1);
  }

  /** Steps after which the loss is lost for good. */
  private void lose(boolean withNorms) {
    for (int i = 0; i < 10; i++) {
      Observation lost = new Observation().set(Scalar.LOSS, Double.NaN);
      training.observe(withNorms ? lost.set(Scalar.GRAD_NORM, Double.NaN) : lost);
    }
  }

  private long openedStep() {
    return training.alarms.stream()
        .filter(alarm -> alarm.severity() == Severity.CRITICAL)
        .findFirst()
        .orElseThrow()
        .step();
  }

  @Test
  void aRunThatIsWellIsAdvisedNoOtherLearningRate() {
    training.healthySteps(300);
    assertThat(training.recommendations)
        .isNotEmpty()
        .allSatisfy(
            advice -> {
              assertThat(advice.learningRateFactor()).isNaN();
              assertThat(advice.rollbackStep()).isEqualTo(-1);
              assertThat(advice.frozen()).isFalse();
            });
  }

  @Test
  void saysWhatLoweredTheThreshold() {
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      double loss = StrictMath.exp((i < 300 ? -0.002 * i : 0.5) + 0.3 * random.nextGaussian());
      training.observe(
          new Observation()
              .set(Scalar.LOSS, loss)
              .set(Scalar.GRAD_NORM, StrictMath.exp(0.35 * random.nextGaussian())));
    }
    assertThat(training.recommendations)
        .extracting(Recommendation::summary)
        .anySatisfy(
            summary ->
                assertThat(summary)
                    .matches(
                        "The threshold moved: clip at .*; lowered by a factor of [\\d.]+ as first"
                            + " steps decide and loss and norms are rough; holds until .*"))
        .anySatisfy(
            summary ->
                assertThat(summary)
                    .containsPattern("lowered by a factor of [\\d.]+ as the loss stands above"));
  }

  @Test
  void theStepThatOpensAPageTellsALowerLearningRateAndTheCheckpointBeforeIt() {
    training.healthySteps(100);
    training.send(99, new RunEvent.CheckpointSaved("s3://c/80", 80));
    training.healthySteps(100);
    lose(true);
    Recommendation advice =
        training.recommendations.stream()
            .filter(told -> told.madeAtStep() == openedStep())
            .findFirst()
            .orElseThrow();
    assertThat(advice.reason()).isEqualTo(AdviceReason.DISTURBANCE);
    assertThat(advice.learningRateFactor()).isEqualTo(0.5);
    assertThat(advice.rollbackStep()).isEqualTo(80);
    assertThat(advice.frozen()).isTrue();
    assertThat(advice.summary())
        .startsWith("A disturbance began: clip at ")
        .endsWith(
            " While the alarm is open: multiply the learning rate by 0.5000 and go back to the"
                + " checkpoint of step 80; no threshold is raised.");
  }

  @Test
  void aCheckpointFromAfterTheOnsetIsNoneToGoBackTo() {
    training.healthySteps(200);
    lose(true);
    training.send(training.step, new RunEvent.CheckpointSaved("s3://c/late", training.step));
    assertThat(newest().rollbackStep()).isEqualTo(-1);
    assertThat(newest().learningRateFactor()).isEqualTo(0.5);
  }

  @Test
  void theStepThatResolvesThePageWithdrawsBoth() {
    training.healthySteps(200);
    lose(true);
    training.healthySteps(1_000);
    long resolved =
        training.alarms.stream()
            .filter(alarm -> alarm.state() == AlarmState.RESOLVED)
            .filter(alarm -> alarm.severity() == Severity.CRITICAL)
            .findFirst()
            .orElseThrow()
            .step();
    Recommendation advice =
        training.recommendations.stream()
            .filter(told -> told.madeAtStep() == resolved)
            .findFirst()
            .orElseThrow();
    assertThat(advice.learningRateFactor()).isNaN();
    assertThat(advice.rollbackStep()).isEqualTo(-1);
    assertThat(advice.frozen()).isFalse();
  }

  @Test
  void goingBackWithdrawsBothAtTheFirstStep() {
    training.healthySteps(200);
    lose(true);
    training.attempt = 1;
    training.step = 100;
    training.healthySteps(1);
    assertThat(newest().madeAtStep()).isEqualTo(100);
    assertThat(newest().reason()).isEqualTo(AdviceReason.REWOUND);
    assertThat(newest().learningRateFactor()).isNaN();
  }

  @Test
  void aRunWithoutNormsIsAdvisedWhileAPageIsOpenToo() {
    for (int i = 0; i < 200; i++) {
      training.observe(new Observation().set(Scalar.LOSS, 2 + 0.01 * training.noise()));
    }
    assertThat(training.recommendations).isEmpty();
    lose(false);
    assertThat(training.recommendations).hasSize(1);
    assertThat(newest().clipThreshold()).isNaN();
    assertThat(newest().learningRateFactor()).isEqualTo(0.5);
    assertThat(newest().summary())
        .startsWith("A disturbance began: no finite gradient norm of an update above 0 was seen")
        .contains("multiply the learning rate by 0.5000");
    for (int i = 0; i < 1_000; i++) {
      training.observe(new Observation().set(Scalar.LOSS, 2 + 0.01 * training.noise()));
    }
    assertThat(newest().reason()).isEqualTo(AdviceReason.RECOVERED);
    assertThat(newest().learningRateFactor()).isNaN();
    training.healthySteps(1);
    assertThat(newest().reason()).isEqualTo(AdviceReason.COLD_START);
    assertThat(newest().clipThreshold()).isPositive();
  }

  @Test
  void layersAndComponentsAreToldWithTheGlobalThreshold() {
    for (int i = 0; i < 400; i++) {
      double norm = StrictMath.exp(0.1 * training.noise());
      Observation step =
          training.healthy().set(Scalar.GRAD_NORM, norm).set(Scalar.GRAD_ABS_MAX, norm / 8);
      training.observe(Trainings.withLayers(step, (float) norm * 0.8f, (float) norm * 0.6f, 0));
    }
    Recommendation advice = newest();
    double factor = advice.clipThreshold() / advice.centre();
    assertThat(advice.layerClipThresholds()).hasSize(3);
    assertThat(advice.layerClipThresholds()[0] / (0.8 * advice.centre()))
        .isCloseTo(factor, within(0.02 * factor));
    assertThat(advice.layerClipThresholds()[1] / (0.6 * advice.centre()))
        .isCloseTo(factor, within(0.02 * factor));
    assertThat(advice.layerClipThresholds()[2]).isNaN();
    assertThat(advice.clipValue()).isCloseTo(advice.clipThreshold() / 8, within(1e-9));
    assertThat(advice.summary())
        .containsPattern(
            "^[A-Z][a-z ]+: clip at [\\d.]+; recent norms centre at [\\d.]+ and stray from it by a"
                + " factor of [\\d.]+; holds until step \\d+\\. Or each layer by itself, at [\\d.]+"
                + " to [\\d.]+\\. Or each component at [\\d.]+\\.$");
  }

  @Test
  void aLayerThatMovesIsToldWithoutTheGlobalThresholdMoving() {
    for (int i = 0; i < 300; i++) {
      training.observe(Trainings.withLayers(training.healthy().set(Scalar.GRAD_NORM, 1), 1, 0.1f));
    }
    int before = training.recommendations.size();
    double global = newest().clipThreshold();
    for (int i = 0; i < 150; i++) {
      training.observe(Trainings.withLayers(training.healthy().set(Scalar.GRAD_NORM, 1), 1, 0.18f));
    }
    assertThat(training.recommendations.size() - before).isBetween(1, 2);
    assertThat(newest().clipThreshold()).isEqualTo(global);
    assertThat(newest().reason()).isEqualTo(AdviceReason.BASELINE);
    assertThat(newest().layerClipThresholds()[1]).isBetween(0.12f * 1.8f, 0.18f * 2.1f);
  }
}
