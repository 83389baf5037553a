package io.gradwatch.core.monitor;

import static io.gradwatch.core.alarm.AlarmKind.MEASUREMENT_CHANGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With every detector on: a change of measure is told for the record and raises nothing else. */
class MeasurementChangeTest {
  private static final int HELD = 3;

  private final Trainings training = new Trainings(97);

  /** Healthy steps whose norms are multiplied by a factor, those of two layers too. */
  private void steps(int count, double factor) {
    for (int i = 0; i < count; i++) {
      Observation observation = training.healthy();
      double norm = factor * observation.get(Scalar.GRAD_NORM);
      training.observe(
          Trainings.withLayers(
              observation.set(Scalar.GRAD_NORM, norm), (float) norm / 2, (float) norm / 3));
    }
  }

  private void started(int worldSize) {
    training.send(
        training.step,
        new RunEvent.Started(
            "",
            "",
            List.of("a", "b"),
            worldSize,
            Double.NaN,
            RunEvent.ClipMode.UNKNOWN,
            Double.NaN,
            RunEvent.NormStage.PRE_CLIP,
            false,
            Map.of()));
  }

  private void toldOnce(double factor) {
    assertThat(training.opened()).extracting(Alarm::summary).hasSize(1);
    Alarm alarm = training.opened().get(0);
    assertThat(alarm.kind()).isEqualTo(MEASUREMENT_CHANGE);
    assertThat(alarm.severity()).isEqualTo(Severity.INFO);
    assertThat(Trainings.evidence(alarm, "norm_factor")).isCloseTo(factor, within(0.3 * factor));
  }

  @ParameterizedTest(name = "norms times {0}")
  @ValueSource(doubles = {0.125, 0.35, 2.83, 8, 1_024})
  void normsOfAnotherMeasureAfterARestartAreTold(double factor) {
    steps(400, 1);
    training.attempt = 1;
    steps(400, factor);
    toldOnce(factor);
    assertThat(training.opened().get(0).onsetStep()).isEqualTo(400);
    assertThat(training.opened().get(0).step()).isEqualTo(400 + HELD - 1);
  }

  @Test
  void moreRanksInTheSameAttemptAreARestartToo() {
    started(8);
    steps(400, 1);
    started(64);
    steps(400, 8);
    toldOnce(8);
    assertThat(Trainings.evidence(training.opened().get(0), "rank_factor")).isEqualTo(8);
  }

  @Test
  void aRestartThatChangesNothingIsSilent() {
    started(8);
    steps(400, 1);
    training.attempt = 1;
    started(8);
    steps(400, 1);
    training.attempt = 2;
    training.step = 300;
    started(16);
    steps(600, 1);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void normsThatReturnBeforeTheThirdValueChangeNothing() {
    steps(400, 1);
    training.attempt = 1;
    steps(HELD - 1, 8);
    steps(400, 1);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aRestartThatLosesTheLossStillPages() {
    steps(400, 1);
    training.attempt = 1;
    for (int i = 0; i < 40; i++) {
      training.observe(
          training
              .healthy()
              .set(Scalar.LOSS, 6 * StrictMath.exp(0.03 * training.noise()))
              .set(Scalar.GRAD_NORM, 20 * StrictMath.exp(0.1 * training.noise())));
    }
    assertThat(training.alarms).extracting(Alarm::severity).contains(Severity.CRITICAL);
    assertThat(training.alarms).extracting(Alarm::kind).doesNotContain(MEASUREMENT_CHANGE);
  }

  @Test
  void aJumpWithoutARestartIsNoChangeOfMeasure() {
    steps(400, 1);
    steps(50, 8);
    assertThat(training.alarms)
        .extracting(Alarm::kind)
        .isNotEmpty()
        .doesNotContain(MEASUREMENT_CHANGE);
  }

  @Test
  void whatIsKnownOfTheMeasureSurvivesABinaryCopy() {
    started(8);
    steps(400, 1);
    training.attempt = 1;
    steps(1, 8);
    training.state = training.state.copy();
    steps(400, 8);
    toldOnce(8);
  }

  /** Steps of a loss scaler that halves its scale every 50, with norms that follow or do not. */
  private void scaler(int steps, boolean followed) {
    for (int i = 0; i < steps; i++) {
      int halvings = i / 50;
      double scale = Math.scalb(65_536.0, -halvings);
      Observation observation = training.healthy().set(Scalar.LOSS_SCALE, scale);
      double norm = observation.get(Scalar.GRAD_NORM) * (followed ? scale : 1);
      training.observe(observation.set(Scalar.GRAD_NORM, norm));
    }
  }

  @Test
  void normsThatFollowTheLossScaleAreToldAndDividedByIt() {
    scaler(500, true);
    assertThat(training.opened()).extracting(Alarm::summary).hasSize(1);
    assertThat(training.opened().get(0).kind()).isEqualTo(MEASUREMENT_CHANGE);
    assertThat(training.opened().get(0).step()).isBetween(150L, 200L);
    assertThat(training.opened().get(0).summary()).contains("multiplied by the loss scale");
    assertThat(Trainings.evidence(training.opened().get(0), "grad_norm")).isCloseTo(1, within(0.4));
  }

  @Test
  void aLossScaleThatNormsDoNotFollowIsNoNews() {
    scaler(700, false);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aStepThatIsReplayedTellsNoChangeAgain() {
    steps(400, 1);
    training.attempt = 1;
    steps(400, 8);
    toldOnce(8);
    training.attempt = 2;
    training.step = 395;
    steps(400, 8);
    toldOnce(8);
  }

  /** Steps at one loss scale after the other, 50 each, with norms that follow it or do not. */
  private void scales(boolean followed, int... exponents) {
    for (int exponent : exponents) {
      double scale = Math.scalb(1.0, exponent);
      for (int i = 0; i < 50; i++) {
        Observation observation = training.healthy().set(Scalar.LOSS_SCALE, scale);
        double norm = observation.get(Scalar.GRAD_NORM) * (followed ? scale : 1);
        training.observe(observation.set(Scalar.GRAD_NORM, norm));
      }
    }
  }

  @Test
  void normsThatStopFollowingTheLossScaleAreToldAndNotDividedByItAnyMore() {
    scales(true, 16, 15, 14, 13, 12, 11);
    training.attempt = 1;
    scales(false, 11, 11);
    assertThat(training.opened()).extracting(Alarm::kind).containsOnly(MEASUREMENT_CHANGE);
    assertThat(training.opened()).hasSize(2);
    Alarm told = training.opened().get(1);
    assertThat(told.summary()).contains("not multiplied by the loss scale any more");
    assertThat(Trainings.evidence(told, "grad_norm")).isCloseTo(1, within(0.4));
    scales(false, 10, 9, 8, 7, 6, 5);
    assertThat(training.opened()).hasSize(2);
    assertThat(Trend.medium(training.state.series.norm(), 0)).isCloseTo(0, within(0.2));
  }

  @Test
  void normsThatStopFollowingWithoutARestartAreFoundByTheNextChangesOfTheScale() {
    scales(true, 16, 15, 14, 13, 12, 11);
    scales(false, 10, 9, 8, 7, 6, 5, 4, 3, 2);
    assertThat(training.opened())
        .filteredOn(alarm -> alarm.kind() == MEASUREMENT_CHANGE)
        .extracting(Alarm::summary)
        .last()
        .asString()
        .contains("not multiplied by the loss scale any more");
    assertThat(Trend.medium(training.state.series.norm(), 0)).isCloseTo(0, within(0.2));
  }

  @Test
  void aLaterChangeIsNotToldAsThatOfTheLossScale() {
    scales(true, 16, 15, 14, 13, 12, 11);
    training.attempt = 1;
    for (int i = 0; i < 100; i++) {
      Observation observation = training.healthy().set(Scalar.LOSS_SCALE, 2_048);
      double norm = 8 * 2_048 * observation.get(Scalar.GRAD_NORM);
      training.observe(observation.set(Scalar.GRAD_NORM, norm));
    }
    assertThat(training.opened()).hasSize(2);
    assertThat(training.opened().get(1).summary()).contains("measured differently");
    assertThat(Trainings.evidence(training.opened().get(1), "norm_factor"))
        .isCloseTo(8, within(2.4));
  }

  @Test
  void normsAndScalesAtTheEndOfTheRangeOfADoubleDoNotEndTheComparison() {
    scales(true, 16);
    double[][] odd = {{1e-320, 512}, {1e308, 1_024}, {1, Double.POSITIVE_INFINITY}, {2, 1e308}};
    for (double[] pair : odd) {
      training.observe(
          training.healthy().set(Scalar.GRAD_NORM, pair[0]).set(Scalar.LOSS_SCALE, pair[1]));
    }
    scales(true, 16, 15, 14, 13, 12, 11, 10, 9, 8);
    assertThat(training.opened()).extracting(Alarm::kind).contains(MEASUREMENT_CHANGE);
  }
}
