package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StalledTest {
  private static final int PERSISTENCE = Policy.defaults().stalled().persistence();

  private final Trainings training = Trainings.watchedBy(AlarmKind.STALLED, 95);

  private void observe(double loss, double norm) {
    training.observe(
        new Observation()
            .set(Scalar.LOSS, loss * StrictMath.exp(0.005 * training.noise()))
            .set(Scalar.GRAD_NORM, norm * StrictMath.exp(0.1 * training.noise())));
  }

  private void learns(int steps) {
    for (int i = 0; i < steps; i++) {
      observe(2.3 * StrictMath.exp(-i / 500.0), 1);
    }
  }

  @Test
  void aPlateauOnWhichTheGradientDiesIsToldOnce() {
    learns(300);
    for (int i = 0; i < 60; i++) {
      observe(1.27, StrictMath.exp(-0.1 * i));
    }
    for (int i = 0; i < PERSISTENCE / 2; i++) {
      observe(1.27, 1e-3);
    }
    assertThat(training.alarms).isEmpty();
    for (int i = 0; i < 2_000; i++) {
      observe(1.27, 1e-3);
    }
    Alarm alarm = training.opened().get(0);
    assertThat(training.opened()).hasSize(1);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.onsetStep()).isBetween(280L, 400L);
    assertThat(Trainings.evidence(alarm, "loss")).isCloseTo(1.27, within(0.02));
    assertThat(Trainings.evidence(alarm, "grad_norm_before")).isCloseTo(1, within(0.9));
    assertThat(alarm.summary()).startsWith("The training stands still at loss 1.27");
    assertThat(alarm.actions().get(0).action()).isEqualTo(ActionKind.ROLL_BACK);
  }

  @Test
  void aLossThatIsBackAtItsStartAndStaysHasLostWhatItLearnt() {
    learns(300);
    for (int i = 0; i < PERSISTENCE; i++) {
      observe(2.3, 1);
    }
    assertThat(training.alarms).as("the level must get there first").isEmpty();
    for (int i = 0; i < 3 * PERSISTENCE; i++) {
      observe(2.29, 1);
    }
    assertThat(training.opened()).hasSize(1);
    assertThat(training.opened().get(0).summary())
        .startsWith("What was learnt is lost: the loss is back at 2.");
  }

  @Test
  void aPlateauAloneIsHowHealthyRunsEnd() {
    learns(300);
    for (int i = 0; i < 20_000; i++) {
      observe(1.27, 1);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aGradientThatFallsWithTheLossConverges() {
    for (int i = 0; i < 5_000; i++) {
      double level = StrictMath.exp(-i / 300.0);
      observe(2.3 * level, level);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aPlateauFarBelowTheStartIsAnEndThoughTheGradientDies() {
    learns(1_500);
    for (int i = 0; i < 3_000; i++) {
      observe(0.11, StrictMath.exp(-0.01 * i));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void grokkingWaitsOnALowPlateauAndIsLeftAlone() {
    for (int i = 0; i < 10_000; i++) {
      double memorised = 4 * StrictMath.exp(-Math.min(i, 600) / 100.0) + 1e-6;
      observe(memorised, memorised);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void zerosOnEveryRowMeanNotReported() {
    learns(300);
    for (int i = 0; i < 2_000; i++) {
      observe(1.27, 0);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void lossesOfAnySignAreLeftAlone() {
    for (int i = 0; i < 3_000; i++) {
      training.observe(
          new Observation()
              .set(Scalar.LOSS, 0.1 * training.noise())
              .set(Scalar.GRAD_NORM, i < 1_000 ? 1 : 1e-6));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aRewindForgetsWhatItRestsOn() {
    learns(300);
    for (int i = 0; i < PERSISTENCE - 1; i++) {
      observe(1.27, 1e-4);
    }
    training.attempt = 1;
    training.step = 250;
    for (int i = 0; i < 2_000; i++) {
      observe(1.3, 1e-4);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aSwitchOfTheBatchSizeStartsAnew() {
    learns(300);
    for (int i = 0; i < 3_000; i++) {
      training.observe(
          new Observation()
              .set(Scalar.LOSS, 1.27 * StrictMath.exp(0.005 * training.noise()))
              .set(Scalar.BATCH_SIZE, i < 40 ? 8 : 4_096)
              .set(Scalar.GRAD_NORM, i < 40 ? 1 : 1e-3));
    }
    assertThat(training.alarms).isEmpty();
  }

  @ParameterizedTest(name = "logged every {0} steps")
  @ValueSource(ints = {10, 50, 200})
  void coarseLogsAreJudgedByTheirRows(int interval) {
    for (int i = 0; i < 1_000; i++) {
      training.step = (long) i * interval;
      observe(i < 300 ? 2.3 * StrictMath.exp(-i / 500.0) : 1.27, i < 300 ? 1 : 1e-4);
    }
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void normsOfAnotherMeasureAreNoGradientThatDied() {
    learns(300);
    for (int i = 0; i < 100; i++) {
      observe(1.27, 1);
    }
    training.attempt = 1;
    for (int i = 0; i < 3 * PERSISTENCE; i++) {
      observe(1.27, 1e-4);
    }
    assertThat(training.alarms).isEmpty();
    for (int i = 0; i < 3 * PERSISTENCE; i++) {
      observe(1.27, 1e-8);
    }
    assertThat(training.opened()).as("one that dies in that measure").hasSize(1);
  }
}
