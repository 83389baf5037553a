package io.gradwatch.core.monitor;

import static io.gradwatch.core.alarm.AlarmKind.DIVERGENCE;
import static io.gradwatch.core.alarm.AlarmKind.EXPLODING_GRADIENT;
import static io.gradwatch.core.alarm.AlarmKind.GRADIENT_SPIKE;
import static io.gradwatch.core.alarm.AlarmKind.LOSS_SPIKE;
import static io.gradwatch.core.alarm.AlarmKind.NON_FINITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionTest {
  private final Trainings training = new Trainings(51);

  private List<Alarm> pages() {
    return training.alarms.stream()
        .filter(alarm -> alarm.severity() == Severity.CRITICAL)
        .filter(alarm -> alarm.state() != AlarmState.RESOLVED)
        .toList();
  }

  private List<AlarmKind> opened() {
    return training.alarms.stream()
        .filter(alarm -> alarm.state() == AlarmState.OPEN)
        .map(Alarm::kind)
        .toList();
  }

  private static double evidence(Alarm alarm, String name) {
    return alarm.evidence().stream()
        .filter(number -> number.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no evidence " + name + " in " + alarm))
        .value();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {61, 62, 63, 64})
  void staysSilentOnAHealthyRun(long seed) {
    Trainings healthy = new Trainings(seed).healthySteps(5_000);
    assertThat(healthy.alarms).isEmpty();
  }

  @Test
  void aSingleNanWarnsAndIsForgotten() {
    training.healthySteps(100).observe(training.healthy().set(Scalar.LOSS, Double.NaN));
    training.healthySteps(30);
    assertThat(opened()).containsExactly(NON_FINITE);
    assertThat(pages()).isEmpty();
    assertThat(training.alarms)
        .last()
        .extracting(Alarm::resolution)
        .isEqualTo(Resolution.RECOVERED);
  }

  @Test
  void aSecondNanInARowPages() {
    training.healthySteps(100);
    for (int i = 0; i < Policy.defaults().nonFinite().persistence(); i++) {
      training.observe(training.healthy().set(Scalar.GRAD_NORM, Double.NaN));
    }
    assertThat(pages()).hasSize(1);
    assertThat(pages().get(0).onsetStep()).isEqualTo(100);
    assertThat(pages().get(0).step()).isEqualTo(101);
  }

  @Test
  void aFiniteLossOverNonFiniteGradientsIsSeen() {
    training.healthySteps(100);
    for (int i = 0; i < 2; i++) {
      training.observe(training.healthy().set(Scalar.NONFINITE_COUNT, 3));
    }
    assertThat(pages()).extracting(Alarm::kind).containsExactly(NON_FINITE);
  }

  @Test
  void skippedUpdatesAreHowALossScalerFindsItsScale() {
    int allowed = Policy.defaults().nonFinite().skipsInRow();
    for (int i = 0; i < allowed - 1; i++) {
      training.observe(skipped());
    }
    training.healthySteps(50);
    assertThat(training.alarms).isEmpty();
    for (int i = 0; i < allowed; i++) {
      training.observe(skipped());
    }
    assertThat(pages()).extracting(Alarm::kind).containsExactly(NON_FINITE);
    assertThat(pages().get(0).summary()).contains("loss scaler");
  }

  private Observation skipped() {
    return training
        .healthy()
        .set(Scalar.GRAD_NORM, Double.POSITIVE_INFINITY)
        .set(Scalar.UPDATE_SKIPPED, 1);
  }

  @Test
  void aLossThatJumpsAndStaysPagesWithinTwentySteps() {
    training.healthySteps(500);
    for (int i = 0; i < 20; i++) {
      training.observe(training.healthy().set(Scalar.LOSS, 4 + 0.1 * training.noise()));
    }
    assertThat(pages()).extracting(Alarm::kind).containsExactly(DIVERGENCE);
    Alarm page = pages().get(0);
    assertThat(page.onsetStep()).isBetween(480L, 501L);
    assertThat(evidence(page, "loss_baseline")).isCloseTo(1.8, within(0.1));
    assertThat(page.actions())
        .extracting(Alarm.SuggestedAction::action)
        .contains(ActionKind.ROLL_BACK, ActionKind.LOWER_LEARNING_RATE);
  }

  @Test
  void oneBadBatchWarnsAndDoesNotPage() {
    training.healthySteps(500);
    training.observe(training.healthy().set(Scalar.LOSS, 8).set(Scalar.GRAD_NORM, 40));
    training.healthySteps(100);
    assertThat(opened()).containsExactlyInAnyOrder(LOSS_SPIKE, GRADIENT_SPIKE);
    assertThat(pages()).isEmpty();
  }

  @Test
  void aLossThatDriftsAwayPages() {
    training.healthySteps(500);
    for (int i = 0; i < 300; i++) {
      double loss = 1.8 * StrictMath.exp(0.002 * i + 0.03 * training.noise());
      training.observe(training.healthy().set(Scalar.LOSS, loss));
    }
    assertThat(pages()).extracting(Alarm::kind).containsExactly(DIVERGENCE);
  }

  @Test
  void aNegativeLossIsJudgedByItsSpread() {
    for (int i = 0; i < 300; i++) {
      training.observe(
          training.healthy().set(Scalar.LOSS, -5 - 0.001 * i + 0.1 * training.noise()));
    }
    assertThat(training.alarms).isEmpty();
    for (int i = 0; i < 20; i++) {
      training.observe(training.healthy().set(Scalar.LOSS, -2 + 0.1 * training.noise()));
    }
    assertThat(pages()).extracting(Alarm::kind).containsExactly(DIVERGENCE);
  }

  @ParameterizedTest(name = "doubling every {0} steps")
  @CsvSource({"5, 0.4", "20, 0.25", "100, 0.15"})
  void normsThatKeepDoublingPageBeforeTheFifthDoubling(int doubling, double tolerance) {
    for (int i = 0; i < 300; i++) {
      training.observe(flatLoss());
    }
    long start = training.step;
    for (int i = 0; i < 5 * doubling; i++) {
      double norm =
          StrictMath.pow(2, (double) i / doubling) * StrictMath.exp(0.05 * training.noise());
      training.observe(flatLoss().set(Scalar.GRAD_NORM, norm));
    }
    assertThat(pages()).isNotEmpty();
    Alarm page = pages().get(0);
    assertThat(page.kind()).isEqualTo(EXPLODING_GRADIENT);
    assertThat(page.step()).isLessThan(start + 5L * doubling);
    assertThat(evidence(page, "doubling_steps")).isCloseTo(doubling, within(tolerance * doubling));
    double overflow = evidence(page, "steps_to_overflow");
    double exact = doubling * (128 - (double) (page.step() - start) / doubling);
    assertThat(overflow).isCloseTo(exact, within(tolerance * exact));
    assertThat(evidence(page, "steps_to_overflow_low")).isLessThan(Math.min(exact, overflow));
    assertThat(evidence(page, "steps_to_overflow_high")).isGreaterThan(Math.max(exact, overflow));
  }

  private Observation flatLoss() {
    return training.healthy().set(Scalar.LOSS, 1.9 * StrictMath.exp(0.03 * training.noise()));
  }

  @Test
  void aLayerThatExplodesIsNamedFirst() {
    training.started("embed", "middle", "head");
    for (int i = 0; i < 300; i++) {
      training.observe(Trainings.withLayers(flatLoss(), 1, 1, 1));
    }
    for (int i = 0; i < 120; i++) {
      float middle = (float) StrictMath.pow(2, i / 20.0);
      float head = (float) StrictMath.pow(2, Math.max(0, i - 30) / 20.0);
      training.observe(Trainings.withLayers(flatLoss(), 1, middle, head));
    }
    assertThat(pages()).extracting(Alarm::kind).containsExactly(EXPLODING_GRADIENT);
    assertThat(pages().get(0).layers().get(0).name()).isEqualTo("middle");
    assertThat(pages().get(0).summary()).contains("The gradient norm of middle grows");
    assertThat(pages().get(0).layers())
        .extracting(Alarm.ImplicatedLayer::name)
        .doesNotContain("embed");
  }

  /** As a small convolutional network does whose first layers hardly get a gradient at first. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aLayerThatGrowsWhileTheLossLeavesItsFirstPlateauIsLearning(long seed) {
    Trainings plateau = new Trainings(seed).started("first", "last");
    for (int i = 0; i < 200; i++) {
      double fallen = 0.003 * Math.max(0, i - 45);
      double grown = 0.06 * Math.max(0, Math.min(i, 110) - 20);
      double first = 0.01 * StrictMath.exp(grown + 0.1 * plateau.noise());
      double last = StrictMath.exp(0.1 * plateau.noise());
      plateau.observe(
          Trainings.withLayers(
              new Observation()
                  .set(Scalar.LOSS, 2.3 * StrictMath.exp(-fallen + 0.04 * plateau.noise()))
                  .set(Scalar.GRAD_NORM, StrictMath.hypot(first, last)),
              (float) first,
              (float) last));
    }
    assertThat(plateau.alarms)
        .filteredOn(alarm -> alarm.severity() == Severity.CRITICAL)
        .extracting(Alarm::summary)
        .isEmpty();
  }

  @Test
  void normsThatGrowWhileTheLossFallsAreLearning() {
    training.healthySteps(100);
    for (int i = 0; i < 400; i++) {
      training.observe(
          training
              .healthy()
              .set(Scalar.LOSS, 2 * StrictMath.exp(-0.005 * i + 0.03 * training.noise()))
              .set(Scalar.GRAD_NORM, StrictMath.exp(0.008 * i + 0.1 * training.noise())));
    }
    assertThat(pages()).isEmpty();
  }

  @Test
  void aDeclaredChangeOfBatchSizeIsNotADisturbance() {
    for (int i = 0; i < 300; i++) {
      training.observe(training.healthy().set(Scalar.BATCH_SIZE, 64));
    }
    for (int i = 0; i < 300; i++) {
      training.observe(
          training
              .healthy()
              .set(Scalar.BATCH_SIZE, 4)
              .set(Scalar.GRAD_NORM, 4 * StrictMath.exp(0.3 * training.noise())));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void theLastCheckpointBeforeTheOnsetIsNamed() {
    training.healthySteps(400);
    training.send(400, new RunEvent.CheckpointSaved("s3://runs/400", 400));
    training.healthySteps(100);
    for (int i = 0; i < 20; i++) {
      training.observe(training.healthy().set(Scalar.LOSS, 6 + 0.1 * training.noise()));
    }
    assertThat(pages().get(0).checkpoint()).isEqualTo(new Alarm.Checkpoint(400, "s3://runs/400"));
    assertThat(pages().get(0).actions())
        .anySatisfy(
            action -> {
              assertThat(action.action()).isEqualTo(ActionKind.ROLL_BACK);
              assertThat(action.value()).isEqualTo(400);
            });
  }

  @Test
  void aRollbackNamesACheckpointFromBeforeTheOnsetEvenWhenALaterOneExists() {
    training.healthySteps(400);
    training.send(200, new RunEvent.CheckpointSaved("s3://runs/200", 200));
    for (int i = 0; i < 20; i++) {
      training.observe(training.healthy().set(Scalar.LOSS, 6 + 0.1 * training.noise()));
      if (i == 4) {
        training.send(404, new RunEvent.CheckpointSaved("s3://runs/404", 404));
      }
    }
    assertThat(pages().get(0).checkpoint()).isEqualTo(new Alarm.Checkpoint(200, "s3://runs/200"));
    assertThat(pages().get(0).actions())
        .filteredOn(action -> action.action() == ActionKind.ROLL_BACK)
        .extracting(Alarm.SuggestedAction::value)
        .containsExactly(200.0);
    assertThat(training.recommendations)
        .last()
        .extracting(advice -> advice.rollbackStep())
        .isEqualTo(200L);
  }

  @Test
  void shortLastBatchesOfAnEpochBlindNothing() {
    for (int i = 0; i < 300; i++) {
      training.observe(training.healthy().set(Scalar.BATCH_SIZE, i % 15 == 14 ? 17 : 32));
    }
    assertThat(training.alarms).isEmpty();
    int advised = training.recommendations.size();
    assertThat(advised).isLessThan(15);
    for (int i = 0; i < 30; i++) {
      training.observe(
          training
              .healthy()
              .set(Scalar.BATCH_SIZE, i % 15 == 14 ? 17 : 32)
              .set(Scalar.LOSS, 9 + 0.1 * training.noise()));
    }
    assertThat(pages()).hasSize(1);
  }

  @Test
  void aLossOfExactlyZeroIsNotScored() {
    training.healthySteps(100);
    training.observe(training.healthy().set(Scalar.LOSS, 0));
    training.healthySteps(1_000);
    assertThat(training.alarms).isEmpty();
    assertThat(training.statistics)
        .last()
        .satisfies(told -> assertThat(told.loss().growthRate()).isFinite());
  }
}
