package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.VanishingGradientPolicy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VanishingGradientTest {
  private static final VanishingGradientPolicy POLICY = Policy.defaults().vanishingGradient();
  private static final int LAYERS = 9;

  private final Trainings training = Trainings.watchedBy(AlarmKind.VANISHING_GRADIENT, 93);

  private Observation idle() {
    return training.healthy().set(Scalar.LOSS, 2.3 * StrictMath.exp(0.003 * training.noise()));
  }

  private Observation learning() {
    return training
        .healthy()
        .set(Scalar.LOSS, 2.3 * StrictMath.exp(-training.step / 500.0 + 0.01 * training.noise()));
  }

  /** Layers whose norms fall by so many nats a layer on the way back from the last one. */
  private Observation profile(Observation observation, double natsPerLayer) {
    float[] norms = new float[LAYERS];
    for (int i = 0; i < LAYERS; i++) {
      norms[i] = (float) StrictMath.exp(-natsPerLayer * (LAYERS - 1 - i) + 0.1 * training.noise());
    }
    return Trainings.withLayers(observation, norms);
  }

  @Test
  void anExtremeFallIsToldEvenWhileTheLastLayersLearn() {
    double nats = 2;
    for (int i = 0; i < Trend.LEARNING - 1 + POLICY.persistence() - 1; i++) {
      training.observe(profile(learning(), nats));
    }
    assertThat(training.alarms).isEmpty();
    training.observe(profile(learning(), nats));

    Alarm alarm = training.opened().get(0);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.onsetStep()).isEqualTo(Trend.LEARNING - 1);
    assertThat(Trainings.evidence(alarm, "first_to_last_layers"))
        .isCloseTo(StrictMath.exp(-6 * nats), within(1e-6));
    assertThat(alarm.layers()).extracting(Alarm.ImplicatedLayer::index).startsWith(0, 1, 2);
    assertThat(alarm.actions())
        .extracting(Alarm.SuggestedAction::action)
        .containsExactly(ActionKind.CHECK_INITIALISATION, ActionKind.CHECK_ARCHITECTURE);
    for (int i = 0; i < 1_000; i++) {
      training.observe(profile(learning(), nats));
    }
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void aLargeFallIsToldWhereNothingIsLearnt() {
    for (int i = 0; i < POLICY.idleSteps() + POLICY.persistence() - 1; i++) {
      training.observe(profile(idle(), 1));
    }
    assertThat(training.alarms).isEmpty();
    training.observe(profile(idle(), 1));
    assertThat(training.opened()).hasSize(1);
    assertThat(training.opened().get(0).summary()).contains("of 9 layers hardly learn");
  }

  @Test
  void aLargeFallInARunThatLearnsIsItsArchitecture() {
    for (int i = 0; i < 1_000; i++) {
      training.observe(profile(learning(), 1));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aPlateauAfterLearningIsNotIdle() {
    for (int i = 0; i < 2_000; i++) {
      double loss = i < 400 ? 2.3 * StrictMath.exp(-i / 200.0) : 0.3;
      training.observe(
          profile(training.healthy().set(Scalar.LOSS, loss * (1 + 0.003 * training.noise())), 1));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aWarmUpOfTheLearningRateIsWaitedFor() {
    for (int i = 0; i < 500; i++) {
      training.observe(profile(idle().set(Scalar.LEARNING_RATE, 1e-6 * i), 1));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aHealthyProfileIsSilentThoughNothingIsLearnt() {
    for (int i = 0; i < 1_000; i++) {
      training.observe(profile(idle(), 0.3));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void frozenFirstLayersAreLeftAlone() {
    for (int i = 0; i < 1_000; i++) {
      training.observe(Trainings.withLayers(idle(), 0, 0, 0, 1, 1, 1, 1, 1, 1));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void twoLayersHaveNoDepth() {
    for (int i = 0; i < 1_000; i++) {
      training.observe(Trainings.withLayers(idle(), 1e-9f, 1));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aNormOfExactlyZeroIsToldOnceThereWasOne() {
    for (int i = 0; i < 100; i++) {
      training.observe(idle());
    }
    for (int i = 0; i < POLICY.persistence() - 1; i++) {
      training.observe(idle().set(Scalar.GRAD_NORM, i % 2 == 0 ? 0.0 : -0.0));
    }
    assertThat(training.alarms).isEmpty();
    training.observe(idle().set(Scalar.GRAD_NORM, 0));
    assertThat(training.opened().get(0).summary())
        .startsWith("There is no gradient at all since step 100, while the loss is 2.");
  }

  @Test
  void zerosOnEveryRowMeanNotReported() {
    for (int i = 0; i < 1_000; i++) {
      training.observe(idle().set(Scalar.GRAD_NORM, 0));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aLossOfZeroNeedsNoGradient() {
    for (int i = 0; i < 1_000; i++) {
      training.observe(
          i < 100
              ? training.healthy()
              : training.healthy().set(Scalar.LOSS, 0).set(Scalar.GRAD_NORM, 0));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void skippedUpdatesCountForNothing() {
    for (int i = 0; i < 1_000; i++) {
      training.observe(
          i < 100 ? idle() : idle().set(Scalar.GRAD_NORM, 0).set(Scalar.UPDATE_SKIPPED, 1));
    }
    assertThat(training.alarms).isEmpty();
  }

  @ParameterizedTest(name = "logged every {0} steps")
  @ValueSource(ints = {10, 50, 200})
  void anExtremeFallIsSeenInCoarseLogs(int interval) {
    for (int i = 0; i < 100; i++) {
      training.step = (long) i * interval;
      training.observe(profile(learning(), 2));
    }
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void aRewindForgetsTheRow() {
    for (int i = 0; i < Trend.LEARNING + POLICY.persistence() - 2; i++) {
      training.observe(profile(learning(), 2));
    }
    training.attempt = 1;
    training.step = 30;
    for (int i = 0; i < POLICY.persistence() - 1; i++) {
      training.observe(profile(learning(), 2));
    }
    assertThat(training.alarms).isEmpty();
    training.observe(profile(learning(), 2));
    assertThat(training.opened()).hasSize(1);
  }
}
