package io.gradwatch.core.monitor;

import static io.gradwatch.core.alarm.AlarmKind.NON_FINITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mixed precision with a dynamic loss scale, every detector on. */
class LossScalerTest {
  private final Trainings training = new Trainings(103);
  private double scale = 65_536;

  private Observation step() {
    return training.healthy().set(Scalar.LOSS_SCALE, scale).set(Scalar.UPDATE_SKIPPED, 0);
  }

  private void steps(int count) {
    for (int i = 0; i < count; i++) {
      training.observe(step());
    }
  }

  /** The gradient overflows: the update is skipped and the scale halved. */
  private void skip() {
    training.observe(
        step()
            .set(Scalar.GRAD_NORM, Double.POSITIVE_INFINITY)
            .set(Scalar.NONFINITE_COUNT, 17)
            .set(Scalar.UPDATE_SKIPPED, 1));
    scale /= 2;
  }

  @ParameterizedTest(name = "from a scale of 2^{0}")
  @ValueSource(ints = {16, 24, 32})
  void theSearchForAScaleAtTheStartRaisesNothing(int exponent) {
    scale = StrictMath.pow(2, exponent);
    while (scale > 1_024) {
      skip();
    }
    steps(500);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aScaleThatRisesEveryNowAndThenAndFallsAgainRaisesNothing() {
    for (int i = 0; i < 40; i++) {
      steps(100);
      scale *= 2;
      steps(3);
      skip();
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aScaleThatFallsAndFallsPagesAtItsTwentiethHalvingAndNotBefore() {
    scale = StrictMath.pow(2, 30);
    steps(300);
    double halvings = Policy.defaults().nonFinite().scaleHalvings();
    for (int i = 0; i < halvings; i++) {
      assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
      skip();
      steps(i == halvings - 1 ? 0 : 9);
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
    steps(1);
    assertThat(training.alarms).hasSize(1);
    Alarm page = training.alarms.get(0);
    assertThat(page.kind()).isEqualTo(NON_FINITE);
    assertThat(page.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(page.onsetStep()).isEqualTo(301);
    assertThat(page.summary()).contains("loss scale falls").contains("1024");
    assertThat(Trainings.evidence(page, "loss_scale_halvings")).isEqualTo(halvings);
    assertThat(page.actions().get(0).action()).isEqualTo(ActionKind.CHECK_LOSS_SCALE);
    assertThat(page.actions().get(0).value()).isEqualTo(1_024);
  }

  @Test
  void aScaleThatRecoversOnTheWayRaisesNothing() {
    scale = StrictMath.pow(2, 40);
    steps(300);
    for (int i = 0; i < 30; i++) {
      skip();
      steps(9);
      if (i % 15 == 14) {
        scale *= 2;
      }
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aScaleThatHasFallenToOneWarnsUntilItRises() {
    scale = 16;
    steps(200);
    for (int i = 0; i < 3; i++) {
      skip();
      steps(10);
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
    skip();
    steps(100);
    assertThat(training.alarms).hasSize(1);
    assertThat(training.alarms.get(0).severity()).isEqualTo(Severity.WARNING);
    assertThat(training.alarms.get(0).actions())
        .extracting(Alarm.SuggestedAction::action)
        .contains(ActionKind.CHECK_LOSS_SCALE);
    scale = 2;
    steps(50);
    assertThat(training.alarms).last().extracting(Alarm::state).isEqualTo(AlarmState.RESOLVED);
  }

  @ParameterizedTest(name = "a scale of {0}")
  @ValueSource(doubles = {1, 0, Double.NaN, Double.POSITIVE_INFINITY, -1})
  void aScaleThatNeverMovesSaysNothing(double constant) {
    scale = constant;
    steps(300);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void normsMultipliedByTheScaleAreReadWithoutIt() {
    training.send(
        0,
        new RunEvent.Started(
            "",
            "",
            List.of(),
            1,
            Double.NaN,
            RunEvent.ClipMode.UNKNOWN,
            Double.NaN,
            RunEvent.NormStage.PRE_CLIP,
            true,
            Map.of()));
    for (int i = 0; i < 600; i++) {
      scale = i % 100 == 99 ? scale * 2 : scale;
      Observation observation = step();
      training.observe(
          observation.set(Scalar.GRAD_NORM, scale * observation.get(Scalar.GRAD_NORM)));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
    assertThat(training.statistics.get(training.statistics.size() - 1).gradNorm().mean())
        .isBetween(0.9, 1.1);
  }

  @Test
  void staleNormsOfSkippedStepsAreNotLearned() {
    steps(300);
    double centre = training.recommendations.get(training.recommendations.size() - 1).centre();
    for (int i = 0; i < 300; i++) {
      boolean skipped = i % 3 != 0;
      Observation observation = step().set(Scalar.UPDATE_SKIPPED, skipped ? 1 : 0);
      training.observe(skipped ? observation.set(Scalar.GRAD_NORM, 30) : observation);
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
    assertThat(training.recommendations)
        .last()
        .satisfies(advice -> assertThat(advice.centre()).isBetween(0.8 * centre, 1.25 * centre));
  }

  @Test
  void aLossThatIsAbsentWhereItWasNanRaisesNothingAndIsNotLearned() {
    steps(300);
    for (int i = 0; i < 100; i++) {
      Observation absent = new Observation().set(Scalar.GRAD_NORM, 1).set(Scalar.LOSS_SCALE, scale);
      training.observe(i % 10 < 3 ? absent.set(Scalar.UPDATE_SKIPPED, 1) : step());
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aNormOfZeroOnEveryRowIsANormThatIsNotReported() {
    for (int i = 0; i < 3_000; i++) {
      training.observe(step().set(Scalar.GRAD_NORM, i % 2 == 0 ? 0.0 : -0.0));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
    for (int i = 0; i < 20; i++) {
      training.observe(step().set(Scalar.GRAD_NORM, 0).set(Scalar.LOSS, 6));
    }
    assertThat(training.opened()).extracting(Alarm::severity).contains(Severity.CRITICAL);
  }

  @Test
  void aFiniteLossOverANanGradientPagesAndSaysSo() {
    steps(100);
    for (int i = 0; i < 3; i++) {
      training.observe(step().set(Scalar.GRAD_NORM, Double.NaN));
    }
    assertThat(training.alarms).last().extracting(Alarm::severity).isEqualTo(Severity.CRITICAL);
    assertThat(training.alarms)
        .last()
        .satisfies(
            page ->
                assertThat(page.summary()).contains("gradients").contains("the loss still reads"));
  }

  @Test
  void layersWithANanAreNamed() {
    training.started("embed", "middle", "head");
    steps(100);
    for (int i = 0; i < 2; i++) {
      training.observe(Trainings.withLayers(step(), 1, Float.NaN, Float.POSITIVE_INFINITY));
    }
    assertThat(training.alarms)
        .last()
        .satisfies(
            page ->
                assertThat(page.layers())
                    .extracting(Alarm.ImplicatedLayer::name)
                    .containsExactly("middle", "head"));
  }
}
