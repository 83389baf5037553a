package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstabilityTest {
  private final Trainings training = Trainings.watchedBy(AlarmKind.INSTABILITY, 99);

  private Observation noise(double sigma) {
    return new Observation()
        .set(Scalar.LOSS, 2 + 0.03 * sigma * training.noise())
        .set(Scalar.GRAD_NORM, StrictMath.exp(0.1 * sigma * training.noise()));
  }

  private void noisySteps(int count, double sigma) {
    for (int i = 0; i < count; i++) {
      training.observe(noise(sigma));
    }
  }

  @ParameterizedTest(name = "logged every {0} steps")
  @ValueSource(ints = {1, 10, 50, 200})
  void steadyNoiseIsNoInstability(int interval) {
    for (int i = 0; i < 10_000; i++) {
      training.observe(noise(1));
      training.step += interval - 1;
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void lossAndNormThatGrowRoughWarnOnceAndResolveWhenThatIsUsual() {
    noisySteps(1_000, 1);
    noisySteps(150, 4);
    assertThat(training.opened()).hasSize(1);
    Alarm alarm = training.opened().get(0);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.onsetStep()).isBetween(1_000L, 1_100L);
    assertThat(Trainings.evidence(alarm, "loss_roughness")).isGreaterThan(2);
    assertThat(alarm.summary()).contains("grown rough");
    noisySteps(1_500, 4);
    assertThat(training.opened()).hasSize(1);
    assertThat(training.alarms).last().extracting(Alarm::state).isEqualTo(AlarmState.RESOLVED);
  }

  @Test
  void aFewBadBatchesAreNoInstability() {
    noisySteps(1_000, 1);
    for (int i = 0; i < 3; i++) {
      training.observe(
          new Observation().set(Scalar.LOSS, 8 + i).set(Scalar.GRAD_NORM, i == 1 ? 1e30 : 40));
    }
    noisySteps(1_000, 1);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  /** Loss and norm around their level, now above, now below. */
  private void swing(int count) {
    for (int i = 0; i < count; i++) {
      double side = i % 2 == 0 ? 1 : -1;
      training.observe(
          new Observation()
              .set(Scalar.LOSS, 2 + 0.04 * side + 0.005 * training.noise())
              .set(Scalar.GRAD_NORM, StrictMath.exp(0.1 * side + 0.01 * training.noise())));
    }
  }

  @Test
  void aSwingThatBeginsWarnsAndOneThatWasAlwaysThereDoesNot() {
    swing(1_000);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
    noisySteps(300, 1);
    swing(300);
    assertThat(training.opened()).hasSize(1);
    assertThat(training.opened().get(0).summary()).contains("swings to and fro");
  }

  @Test
  void aDeclaredBatchSizeBeginsAnew() {
    for (int i = 0; i < 2_000; i++) {
      training.observe(noise(i < 1_000 ? 1 : 4).set(Scalar.BATCH_SIZE, i < 1_000 ? 64 : 4));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aRewindBeginsAnew() {
    noisySteps(1_000, 1);
    training.attempt = 1;
    training.step = 500;
    noisySteps(1_000, 4);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void constantsAndValuesThatAreNotFiniteAreNotJudged() {
    for (int i = 0; i < 1_000; i++) {
      double value = i % 7 == 0 ? Double.NaN : i % 11 == 0 ? Double.POSITIVE_INFINITY : 0;
      training.observe(new Observation().set(Scalar.LOSS, value).set(Scalar.GRAD_NORM, value));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void theShortEndOfEveryEpochForgetsNothing() {
    for (int i = 0; i < 1_150; i++) {
      double batch = i % 60 == 59 ? 48 : 64;
      training.observe(noise(i < 1_000 ? 1 : 4).set(Scalar.BATCH_SIZE, batch));
    }
    assertThat(training.opened()).hasSize(1);
  }
}
