package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoProgressTest {
  private static final int WITHIN = Policy.defaults().noProgress().withinSteps();

  private final Trainings training = Trainings.watchedBy(AlarmKind.NO_PROGRESS, 94);

  private Observation loss(double loss, double noise) {
    return new Observation()
        .set(Scalar.LOSS, loss * StrictMath.exp(noise * training.noise()))
        .set(Scalar.GRAD_NORM, 1);
  }

  private void losses(int steps, double noise, LongToDoubleFunction level) {
    for (int i = 0; i < steps; i++) {
      training.observe(loss(level.applyAsDouble(training.step), noise));
    }
  }

  @Test
  void aLossThatStaysAtItsStartIsToldOnce() {
    losses(WITHIN, 0.005, step -> 2.3);
    assertThat(training.alarms).isEmpty();
    losses(1, 0.005, step -> 2.3);

    Alarm alarm = training.opened().get(0);
    assertThat(alarm.step()).isEqualTo(WITHIN);
    assertThat(alarm.onsetStep()).isZero();
    assertThat(Trainings.evidence(alarm, "loss_at_start")).isCloseTo(2.3, within(0.01));
    assertThat(alarm.summary()).startsWith("Nothing learnt in 250 steps: the loss is 2.");
    losses(5_000, 0.005, step -> 2.3);
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void updatesThatAreTooSmallLeadToTheFactorOfTheLearningRate() {
    for (int i = 0; i <= WITHIN; i++) {
      training.observe(
          loss(2.3, 0.005)
              .setLayers(LayerSeries.WEIGHT_NORM, new float[] {10, 10, 10})
              .setLayers(LayerSeries.UPDATE_NORM, new float[] {1e-4f, 1e-4f, 1e-4f}));
    }
    Alarm.SuggestedAction first = training.opened().get(0).actions().get(0);
    assertThat(first.value()).isCloseTo(100, within(0.01));
    assertThat(first.text()).startsWith("Multiply the learning rate by 100");
  }

  @Test
  void withoutUpdateNormsBothDirectionsAreToBeTried() {
    losses(WITHIN + 1, 0.005, step -> 2.3);
    assertThat(training.opened().get(0).actions().get(0).text())
        .isEqualTo("Try the learning rate three times lower and three times higher.");
  }

  @Test
  void updatesThatAreTooLargeLeadToALowerLearningRate() {
    for (int i = 0; i <= WITHIN; i++) {
      training.observe(
          loss(2.3, 0.005)
              .setLayers(LayerSeries.WEIGHT_NORM, new float[] {10, 10})
              .setLayers(LayerSeries.UPDATE_NORM, new float[] {1, 1}));
    }
    Alarm.SuggestedAction first = training.opened().get(0).actions().get(0);
    assertThat(first.action()).isEqualTo(ActionKind.LOWER_LEARNING_RATE);
    assertThat(first.value()).isCloseTo(0.01, within(1e-6));
  }

  @ParameterizedTest(name = "noise of {0}")
  @ValueSource(doubles = {0.005, 0.03, 0.1, 0.4})
  void aSlowFallIsProgress(double noise) {
    losses(5_000, noise, step -> 2.3 * StrictMath.exp(-step / 4_000.0));
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aLossTooNoisyToTellIsNotJudged() {
    losses(2_000, 0.3, step -> 2.3);
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aPlateauThatIsBeingLeftIsProgress() {
    losses(600, 0.001, step -> step < 200 ? 2.3 : 2.3 * StrictMath.exp(-(step - 200) / 3_000.0));
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aRunThatConvergedAtOnceIsNotIdle() {
    losses(3_000, 0.005, step -> step < 10 ? 2.3 : 0.4);
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aRunWatchedFromItsMiddleIsNotJudged() {
    training.step = 31_000;
    losses(3_000, 0.005, step -> 2.3);
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aWarmUpOfTheLearningRateIsWaitedFor() {
    for (int i = 0; i < 1_000 + WITHIN; i++) {
      training.observe(loss(10.8, 0.002).set(Scalar.LEARNING_RATE, 1e-8 * Math.min(i, 1_000)));
    }
    assertThat(training.alarms).isEmpty();
    training.observe(loss(10.8, 0.002).set(Scalar.LEARNING_RATE, 1e-5));
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void lossesThatAreNotPositiveMeanNothingByThemselves() {
    for (int i = 0; i < 3_000; i++) {
      training.observe(new Observation().set(Scalar.LOSS, 0.01 * training.noise()));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void nansAndZerosAreNoLosses() {
    for (int i = 0; i < 3_000; i++) {
      training.observe(new Observation().set(Scalar.LOSS, i % 2 == 0 ? Double.NaN : 0));
      training.observe(new Observation().set(Scalar.GRAD_NORM, 1));
    }
    assertThat(training.alarms).isEmpty();
  }

  @ParameterizedTest(name = "logged every {0} steps")
  @ValueSource(ints = {50, 200})
  void whereTheFirstStepsWereNotSeenNothingIsSaid(int interval) {
    for (int i = 0; i < 1_000; i++) {
      training.step = (long) i * interval;
      losses(1, 0.005, step -> 2.3);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void everyTenthStepIsEnough() {
    for (int i = 0; i < 100; i++) {
      training.step = 10L * i;
      losses(1, 0.005, step -> 2.3);
    }
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void aRunThatWentBackToItsStartIsJudgedAnew() {
    losses(WITHIN, 0.005, step -> 2.3);
    training.attempt = 1;
    training.step = 0;
    losses(WITHIN, 0.005, step -> 2.3);
    assertThat(training.alarms).isEmpty();
    losses(1, 0.005, step -> 2.3);
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void aSwitchOfTheBatchSizeLaterOnIsNoStart() {
    for (int i = 0; i < 2_000; i++) {
      double level = i < 1_000 ? 2.3 * StrictMath.exp(-i / 300.0) : 0.2;
      training.observe(loss(level, 0.003).set(Scalar.BATCH_SIZE, i < 1_000 ? 64 : 256));
    }
    assertThat(training.alarms).isEmpty();
  }
}
