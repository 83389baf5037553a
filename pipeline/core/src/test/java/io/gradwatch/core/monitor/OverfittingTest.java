package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverfittingTest {
  private static final double RISE = Policy.defaults().overfitting().rise();
  private static final int PERSISTENCE = Policy.defaults().overfitting().persistence();

  private final Trainings training = Trainings.watchedBy(AlarmKind.OVERFITTING, 96);
  private int interval = 50;

  /** Trains for a while at a level of the loss, then evaluates. */
  private void evaluates(double trainingLoss, double evaluationLoss) {
    for (int i = 0; i < interval; i++) {
      training.observe(
          training
              .healthy()
              .set(Scalar.LOSS, trainingLoss * StrictMath.exp(0.02 * training.noise())));
    }
    evaluation(evaluationLoss);
  }

  private void evaluation(double loss) {
    training.send(training.step - 1, new RunEvent.EvaluationCompleted(loss, Map.of()));
  }

  private void nextStep() {
    training.observe(training.healthy().set(Scalar.LOSS, Double.NaN));
  }

  @Test
  void anEvaluationThatPartsFromTheTrainingIsToldAtTheNextStep() {
    evaluates(2, 2.2);
    evaluates(1, 1.2);
    evaluates(0.9, 1.2);
    int above = (int) StrictMath.ceil(RISE / StrictMath.log(1.03));
    for (int i = 1; i < above + PERSISTENCE - 1; i++) {
      evaluates(StrictMath.pow(0.8, i), 1.2 * StrictMath.pow(1.03, i));
    }
    nextStep();
    assertThat(training.alarms).isEmpty();
    evaluates(0.01, 1.2 * 1.3);
    assertThat(training.alarms).isEmpty();
    nextStep();

    Alarm alarm = training.opened().get(0);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.onsetStep()).isEqualTo(149);
    assertThat(Trainings.evidence(alarm, "eval_rise_percent")).isCloseTo(30, within(1e-9));
    assertThat(alarm.summary())
        .isEqualTo(
            "It learns by heart: the evaluation loss is 30 % above its lowest (1.200 at step 149)"
                + " while the training loss still falls.");
    assertThat(alarm.actions().get(0).action()).isEqualTo(ActionKind.STOP_EARLY);
    assertThat(alarm.actions().get(0).value()).isEqualTo(149);
  }

  @Test
  void anEpisodeIsOneAlarmUntilTheEvaluationComesBack() {
    evaluates(1, 1);
    evaluates(1, 1);
    for (int i = 0; i < 30; i++) {
      evaluates(StrictMath.pow(0.9, i), 1.3 + 0.02 * training.noise());
    }
    assertThat(training.opened()).hasSize(1);
    evaluates(0.1, 1.01);
    evaluates(0.1, 1.01);
    assertThat(training.alarms)
        .last()
        .extracting(Alarm::resolution)
        .isEqualTo(Resolution.RECOVERED);
  }

  @Test
  void aTrainingThatGetsWorseItselfIsNotOverfitting() {
    evaluates(1, 1);
    evaluates(1, 1);
    for (int i = 0; i < 20; i++) {
      evaluates(1.1 + 0.1 * i, 1.3 + 0.1 * i);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aRiseOfLessThanATenthIsAllowed() {
    evaluates(1, 1);
    evaluates(1, 1);
    for (int i = 0; i < 30; i++) {
      evaluates(StrictMath.pow(0.9, i), 1 + 0.1 * i / 30);
    }
    assertThat(training.alarms).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noiseOfTheEvaluationIsNoRise(long seed) {
    Trainings noisy = Trainings.watchedBy(AlarmKind.OVERFITTING, seed);
    for (int i = 0; i < 100; i++) {
      for (int k = 0; k < 30; k++) {
        noisy.observe(noisy.healthy());
      }
      double loss = StrictMath.exp(0.15 * noisy.noise());
      noisy.send(noisy.step - 1, new RunEvent.EvaluationCompleted(loss, Map.of()));
    }
    assertThat(noisy.alarms).isEmpty();
  }

  @Test
  void evaluationsWithoutAPositiveLossAreLeftAlone() {
    for (double loss : new double[] {Double.NaN, -1, 0, Double.POSITIVE_INFINITY}) {
      for (int i = 0; i < 10; i++) {
        evaluates(1 - 0.01 * i, loss);
      }
    }
    training.send(training.step, new RunEvent.EvaluationCompleted(null, Map.of("accuracy", 0.9)));
    nextStep();
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void anEvaluationBeforeAnyStepIsNotCompared() {
    for (int i = 0; i < 10; i++) {
      training.send(0, new RunEvent.EvaluationCompleted(1.0 + i, Map.of()));
    }
    nextStep();
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void grokkingEvaluatesWorseForLongAndIsToldOnceAtMost() {
    evaluates(4, 4);
    evaluates(3, 4);
    for (int i = 0; i < 60; i++) {
      evaluates(StrictMath.exp(-0.2 * i), i < 40 ? 5.5 : 5.5 * StrictMath.exp(-0.3 * (i - 40)));
    }
    assertThat(training.opened()).hasSize(1);
    assertThat(training.alarms)
        .last()
        .extracting(Alarm::resolution)
        .isEqualTo(Resolution.RECOVERED);
  }

  @Test
  void aRewindForgetsTheLowest() {
    evaluates(1, 1);
    evaluates(1, 1);
    training.attempt = 1;
    training.step = 0;
    for (int i = 0; i < 20; i++) {
      evaluates(StrictMath.pow(0.9, i), 1.3);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aSwitchOfTheBatchSizeMovesTheTrainingLossItIsComparedWith() {
    evaluates(1, 1);
    evaluates(1, 1);
    for (int i = 0; i < 10; i++) {
      for (int k = 0; k < 50; k++) {
        training.observe(
            training.healthy().set(Scalar.LOSS, 0.5).set(Scalar.BATCH_SIZE, i < 1 ? 8 : 64));
      }
      evaluation(1.3);
    }
    assertThat(training.alarms).isEmpty();
  }

  @ParameterizedTest(name = "evaluated every {0} steps")
  @ValueSource(ints = {10, 200})
  void stepsBetweenEvaluationsDoNotMatter(int steps) {
    interval = steps;
    for (int i = 0; i < 20; i++) {
      evaluates(StrictMath.pow(0.8, i), 1 + 0.03 * i);
    }
    nextStep();
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void anEvaluationThatIsReportedAgainCountsOnce() {
    evaluates(1, 1);
    evaluates(1, 1);
    evaluates(0.5, 1.5);
    for (int i = 0; i < 10 * PERSISTENCE; i++) {
      evaluation(1.5);
    }
    nextStep();
    assertThat(training.alarms).isEmpty();
  }
}
