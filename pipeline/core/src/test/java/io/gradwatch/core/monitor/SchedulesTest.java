package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody planned or declared is no disturbance, with every detector on. */
class SchedulesTest {
  private static final int STEPS = 2_000;

  private final Trainings training = new Trainings(107);

  /** A learning rate over the steps of a run. */
  private enum Schedule {
    CONSTANT,
    WARM_UP,
    WARM_UP_AND_COSINE,
    STEPS_DOWN,
    RESTARTS,
    JUMPS_TENFOLD;

    /** The rate as a share of its peak. */
    double at(double step) {
      return switch (this) {
        case CONSTANT -> 1;
        case WARM_UP -> Math.min(1, (step + 1) / 400);
        case WARM_UP_AND_COSINE ->
            step < 200 ? (step + 1) / 200 : cosine((step - 200) / (STEPS - 200));
        case STEPS_DOWN -> StrictMath.pow(0.1, Math.floor(step / 600));
        case RESTARTS -> cosine(step % 400 / 400);
        case JUMPS_TENFOLD -> step < 1_000 ? 0.1 : 1;
      };
    }

    private static double cosine(double share) {
      return 0.5 * (1 + StrictMath.cos(Math.PI * share));
    }
  }

  private void isQuiet() {
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  private void noPage() {
    assertThat(training.alarms)
        .filteredOn(alarm -> alarm.severity() == Severity.CRITICAL)
        .extracting(Alarm::summary)
        .isEmpty();
  }

  /**
   * A loss that learns as fast as its rate, and stands above its floor by the noise of its rate.
   */
  private void train(Schedule schedule, double bump) {
    double distance = 3;
    for (int i = 0; i < STEPS; i++) {
      double rate = schedule.at(i);
      distance *= 1 - 0.004 * rate;
      double loss = 1 + distance + bump * rate;
      training.observe(
          new Observation()
              .set(Scalar.LEARNING_RATE, 1e-3 * rate)
              .set(Scalar.LOSS, loss * StrictMath.exp(0.02 * training.noise()))
              .set(
                  Scalar.GRAD_NORM,
                  (0.5 + 0.5 * distance) * StrictMath.exp(0.1 * training.noise())));
    }
  }

  @ParameterizedTest
  @EnumSource(Schedule.class)
  void aLearningRateOnItsScheduleRaisesNothing(Schedule schedule) {
    train(schedule, 0);
    isQuiet();
  }

  @Test
  void theSmallBumpAfterEachRestartDoesNotPage() {
    train(Schedule.RESTARTS, 0.05);
    noPage();
  }

  @ParameterizedTest(name = "to {0} samples")
  @ValueSource(ints = {2, 16, 256, 4_096})
  void aDeclaredBatchSizeRaisesNothing(int samples) {
    training.healthySteps(0);
    for (int i = 0; i < STEPS; i++) {
      int batch = i < 800 ? 64 : samples;
      double noise = StrictMath.sqrt(64.0 / batch);
      Observation observation =
          new Observation()
              .set(Scalar.BATCH_SIZE, batch)
              .set(Scalar.LOSS, 2 * StrictMath.exp(-i / 5_000.0 + 0.02 * noise * training.noise()))
              .set(Scalar.GRAD_NORM, noise * StrictMath.exp(0.1 * training.noise()));
      training.observe(observation);
    }
    isQuiet();
  }

  private void started(int worldSize) {
    training.send(
        training.step,
        new RunEvent.Started(
            "",
            "",
            List.of(),
            worldSize,
            Double.NaN,
            RunEvent.ClipMode.UNKNOWN,
            Double.NaN,
            RunEvent.NormStage.PRE_CLIP,
            false,
            Map.of()));
  }

  @ParameterizedTest(name = "to {0} ranks")
  @ValueSource(ints = {1, 16, 64})
  void aDeclaredWorldSizeThatChangesNothingRaisesNothing(int ranks) {
    started(8);
    training.healthySteps(500);
    started(ranks);
    training.healthySteps(500);
    isQuiet();
  }

  @ParameterizedTest(name = "{0} steps back")
  @ValueSource(ints = {0, 1, 100, 450})
  void aResumeRaisesNothing(int stepsBack) {
    training.healthySteps(500);
    training.attempt = 1;
    training.step -= stepsBack;
    training.healthySteps(800);
    isQuiet();
  }

  @ParameterizedTest(name = "{0} steps back")
  @ValueSource(ints = {0, 100})
  void aResumeThatLostItsOptimizerStateDoesNotPage(int stepsBack) {
    training.healthySteps(500);
    training.attempt = 1;
    training.step -= stepsBack;
    for (int i = 0; i < 500; i++) {
      double bump = StrictMath.exp(-i / 15.0);
      Observation observation = training.healthy();
      training.observe(
          observation
              .set(Scalar.LOSS, observation.get(Scalar.LOSS) * (1 + 0.25 * bump))
              .set(Scalar.GRAD_NORM, observation.get(Scalar.GRAD_NORM) * (1 + 1.5 * bump)));
    }
    noPage();
    assertThat(training.opened()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void otherDataThatTheRunLearnsDoesNotPage() {
    training.healthySteps(800);
    for (int i = 0; i < 800; i++) {
      Observation observation = training.healthy();
      double shift = 0.2 * StrictMath.exp(-i / 40.0);
      training.observe(
          observation
              .set(Scalar.LOSS, observation.get(Scalar.LOSS) * StrictMath.exp(shift))
              .set(Scalar.GRAD_NORM, observation.get(Scalar.GRAD_NORM) * (1 + shift)));
    }
    noPage();
    assertThat(training.opened()).hasSizeLessThanOrEqualTo(1);
  }
}
