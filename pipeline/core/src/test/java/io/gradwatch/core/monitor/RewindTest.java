package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Summary;
import io.gradwatch.core.stats.Trend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that goes back to a checkpoint is judged by what was known there. */
class RewindTest {
  private final Trainings training = new Trainings(113);

  private void checkpoint(long step) {
    training.send(step, new RunEvent.CheckpointSaved("s3://runs/" + step, step));
  }

  private void resumeAt(long step) {
    training.attempt++;
    training.step = step;
  }

  private void diverge(int steps) {
    for (int i = 0; i < steps; i++) {
      training.observe(
          training
              .healthy()
              .set(Scalar.LOSS, 9 + 0.1 * training.noise())
              .set(Scalar.GRAD_NORM, 50 * StrictMath.exp(0.1 * training.noise())));
    }
  }

  /** Steps of a loss and a norm that both stand higher than those of {@link Trainings#healthy}. */
  private void higher(int steps) {
    for (int i = 0; i < steps; i++) {
      Observation observation = training.healthy();
      training.observe(
          observation
              .set(Scalar.LOSS, 1.5 * observation.get(Scalar.LOSS))
              .set(Scalar.GRAD_NORM, 1.5 * observation.get(Scalar.GRAD_NORM)));
    }
  }

  @Test
  void levelsReturnToThoseOfTheCheckpoint() {
    training.healthySteps(300);
    checkpoint(299);
    RunState then = training.state.copy();
    diverge(60);
    resumeAt(300);
    training.send(300, new RunEvent.Heartbeat());

    assertThat(training.state.series.loss()).isEqualTo(then.series.loss());
    assertThat(training.state.series.norm()).isEqualTo(then.series.norm());
    assertThat(training.state.series.lossSummary()).isEqualTo(then.series.lossSummary());
    assertThat(Summary.count(training.state.series.normSummary(), 0)).isEqualTo(300);
    assertThat(training.state.series.counters().steps())
        .as("what was seen was seen, whatever became of it")
        .isEqualTo(360);
  }

  @Test
  void whatDivergesAgainIsPagedAtOnce() {
    training.healthySteps(300);
    checkpoint(299);
    diverge(60);
    resumeAt(300);
    training.healthySteps(5);
    int before = training.alarms.size();
    diverge(10);

    assertThat(training.alarms.subList(0, before))
        .extracting(Alarm::resolution)
        .contains(Resolution.REWOUND);
    assertThat(training.alarms.subList(before, training.alarms.size()))
        .as("five values alone are no level, those of the checkpoint are")
        .anyMatch(alarm -> alarm.severity() == Severity.CRITICAL);
  }

  @ParameterizedTest
  @ValueSource(longs = {299, 300, 320})
  void theNewestCheckpointAtOrBeforeTheFirstStepCounts(long first) {
    training.healthySteps(200);
    checkpoint(199);
    training.healthySteps(100);
    checkpoint(299);
    RunState then = training.state.copy();
    training.healthySteps(100);
    resumeAt(first);
    training.send(first, new RunEvent.Heartbeat());
    assertThat(training.state.series.norm()).isEqualTo(then.series.norm());
  }

  @Test
  void theOlderOfTwoIsKeptForARunThatGoesBackBehindTheNewer() {
    training.healthySteps(200);
    checkpoint(199);
    RunState then = training.state.copy();
    higher(100);
    checkpoint(299);
    diverge(30);
    resumeAt(298);
    training.send(298, new RunEvent.Heartbeat());
    assertThat(training.state.series.norm()).isEqualTo(then.series.norm());

    resumeAt(100);
    training.send(100, new RunEvent.Heartbeat());
    assertThat(Trend.count(training.state.series.loss(), 0))
        .as("no checkpoint is left: the loss is learnt anew")
        .isZero();
    assertThat(Trend.count(training.state.series.norm(), 0)).isEqualTo(200);
  }

  @Test
  void aCheckpointThatSaysNotWhereItLiesIsOneToo() {
    training.healthySteps(300);
    training.send(299, new RunEvent.CheckpointSaved("", 299));
    RunState then = training.state.copy();
    diverge(60);
    resumeAt(300);
    training.send(300, new RunEvent.Heartbeat());
    assertThat(training.state.series.loss()).isEqualTo(then.series.loss());
  }

  @ParameterizedTest
  @EnumSource
  void adviceRestsOnTheNormsOfTheCheckpointAgain(ClipRuleKind rule) {
    Trainings run = new Trainings(7, Policy.of(Settings.NONE.withClip(rule)));
    run.healthySteps(400);
    run.send(399, new RunEvent.CheckpointSaved("s3://c", 399));
    double known = lastCentre(run);
    for (int i = 0; i < 300; i++) {
      run.observe(run.healthy().set(Scalar.GRAD_NORM, 3 * StrictMath.exp(0.1 * run.noise())));
    }
    run.attempt++;
    run.step = 400;
    run.healthySteps(1);
    assertThat(run.recommendations).last().extracting(Recommendation::attempt).isEqualTo(1);
    assertThat(StrictMath.log(lastCentre(run))).isCloseTo(StrictMath.log(known), within(0.25));
  }

  private static double lastCentre(Trainings run) {
    return run.recommendations.get(run.recommendations.size() - 1).centre();
  }

  @Test
  void ranksThatChangeWithTheReturnAreAChangeOfMeasure() {
    training.healthySteps(400);
    checkpoint(399);
    diverge(30);
    resumeAt(400);
    int before = training.alarms.size();
    for (int i = 0; i < 200; i++) {
      Observation observation = training.healthy();
      training.observe(observation.set(Scalar.GRAD_NORM, 2.83 * observation.get(Scalar.GRAD_NORM)));
    }
    assertThat(training.alarms.subList(before, training.alarms.size()))
        .filteredOn(alarm -> alarm.resolution() != Resolution.REWOUND)
        .extracting(Alarm::kind)
        .containsOnly(AlarmKind.MEASUREMENT_CHANGE);
  }

  @Test
  void normsOfAMeasureThatIsGoneAreNotReturnedTo() {
    training.healthySteps(400);
    checkpoint(399);
    resumeAt(400);
    for (int i = 0; i < 100; i++) {
      Observation observation = training.healthy();
      training.observe(observation.set(Scalar.GRAD_NORM, 8 * observation.get(Scalar.GRAD_NORM)));
    }
    assertThat(training.opened())
        .extracting(Alarm::kind)
        .containsOnly(AlarmKind.MEASUREMENT_CHANGE)
        .hasSize(1);
    resumeAt(450);
    for (int i = 0; i < 100; i++) {
      Observation observation = training.healthy();
      training.observe(observation.set(Scalar.GRAD_NORM, 8 * observation.get(Scalar.GRAD_NORM)));
    }
    assertThat(training.opened()).as("told once").hasSize(1);
  }

  @Test
  void layersThatCameSinceAreNoTrouble() {
    training.healthySteps(300);
    checkpoint(299);
    for (int i = 0; i < 100; i++) {
      training.observe(Trainings.withLayers(training.healthy(), 1, 2, 3));
    }
    resumeAt(300);
    for (int i = 0; i < 100; i++) {
      training.observe(Trainings.withLayers(training.healthy(), 1, 2, 3));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
    assertThat(training.state.series.layers()).isEqualTo(3);
  }

  @Test
  void twoAreKeptHoweverManyAreSaved() {
    training.healthySteps(300);
    checkpoint(250);
    checkpoint(299);
    int size = training.state.toBytes().length;
    for (int i = 1; i <= 5; i++) {
      training.healthySteps(100);
      checkpoint(299 + 100 * i);
    }
    assertThat(training.state.toBytes().length).isLessThan(size + 200);
  }

  @Test
  void aRestoredStateGoesBackExactlyAsTheOneThatWasSaved() {
    training.healthySteps(300);
    checkpoint(299);
    diverge(40);
    RunState restored = RunState.fromBytes(training.state.toBytes());
    RunEvent back =
        new RunEvent("default", "run", 1, 300, 300_000, RunEvent.WHOLE_RUN, training.healthy());
    training.monitor.accept(training.state, back);
    training.monitor.accept(restored, back);
    assertThat(restored.toBytes()).isEqualTo(training.state.toBytes());
  }
}
