package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLayerTest {
  private static final int PERSISTENCE = Policy.defaults().deadLayer().persistence();

  private final Trainings training =
      Trainings.watchedBy(AlarmKind.DEAD_LAYER, 91).started("embed", "middle", "head");

  private void norms(int count, double... norms) {
    for (int i = 0; i < count; i++) {
      float[] noisy = new float[norms.length];
      for (int k = 0; k < norms.length; k++) {
        noisy[k] = (float) (norms[k] * StrictMath.exp(0.3 * training.noise()));
      }
      training.observe(Trainings.withLayers(training.healthy(), noisy));
    }
  }

  @Test
  void aLayerThatLosesItsGradientIsToldWithTheLayerWhereItEnds() {
    norms(100, 1, 2, 3);
    norms(PERSISTENCE - 1, 0, 0, 3);
    assertThat(training.alarms).isEmpty();
    norms(1, 0, 0, 3);

    Alarm alarm = training.opened().get(0);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.onsetStep()).isEqualTo(100);
    assertThat(alarm.layers())
        .extracting(Alarm.ImplicatedLayer::name)
        .containsExactly("embed", "middle");
    assertThat(alarm.summary())
        .isEqualTo("No gradient reaches 2 layers of 3 since step 100: it ends in middle.");
    assertThat(alarm.actions())
        .extracting(Alarm.SuggestedAction::action)
        .contains(ActionKind.ROLL_BACK, ActionKind.CHECK_ARCHITECTURE);
    norms(1_000, 0, 0, 3);
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void layersAreNamedInTheOrderInWhichTheyDied() {
    norms(100, 1, 2, 3);
    norms(5, 1, 2, 0);
    norms(50, 0, 2, 0);
    assertThat(training.opened().get(0).layers().get(0).name()).isEqualTo("head");
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void aLayerThatComesBackIsOver() {
    norms(100, 1, 2, 3);
    norms(PERSISTENCE, 1, 0, 3);
    norms(30, 1, 2, 3);
    assertThat(training.alarms)
        .last()
        .extracting(Alarm::resolution)
        .isEqualTo(Resolution.RECOVERED);
  }

  @Test
  void aLayerThatNeverHadAGradientIsFrozenOnPurpose() {
    norms(Trend.LEARNING - 1, 1, 2, 3);
    norms(500, 0, 2, 3);
    assertThat(training.alarms).as("not seen alive often enough").isEmpty();
    training.attempt = 1;
    training.step = 0;
    norms(500, 1, 0, 3);
    assertThat(training.alarms).as("memory is cleared by going back").isEmpty();
  }

  @Test
  void expertsThatSomeBatchesDoNotTouchAreAlive() {
    for (int i = 0; i < 200; i++) {
      norms(1, 1, 2, 3);
      norms(PERSISTENCE - 1, 1, 0, 3);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void zerosOfEveryLayerAreNoDeadLayer() {
    norms(100, 1, 2, 3);
    norms(500, 0, 0, 0);
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void skippedUpdatesAndNansCountForNothing() {
    norms(100, 1, 2, 3);
    for (int i = 0; i < 200; i++) {
      Observation skipped = training.healthy().set(Scalar.UPDATE_SKIPPED, 1);
      training.observe(Trainings.withLayers(skipped, 0, 2, 3));
      Observation lost = training.healthy().set(Scalar.GRAD_NORM, Double.NaN);
      training.observe(Trainings.withLayers(lost, 0, Float.NaN, 3));
      training.observe(training.healthy());
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aGradientThatFallsFarBelowItsUsualIsAsGoodAsNone() {
    norms(100, 1, 2, 3);
    norms(PERSISTENCE, 1, 2e-6, 3);
    assertThat(training.opened().get(0).layers())
        .extracting(Alarm.ImplicatedLayer::name)
        .containsExactly("middle");
  }

  @Test
  void denormalGradientsAreNoneAndOneHugeOutlierMovesNothing() {
    norms(100, 1, 2, 3);
    norms(1, 1e30, 2, 3);
    norms(100, 1, 2, 3);
    assertThat(training.alarms).isEmpty();
    norms(PERSISTENCE, Float.MIN_VALUE, 2, 3);
    assertThat(training.opened()).hasSize(1);
  }

  @ParameterizedTest(name = "norms halve every {0} steps")
  @ValueSource(ints = {50, 200})
  void allNormsMayFallAsTheRunConverges(int halving) {
    for (int i = 0; i < 2_000; i++) {
      double share = StrictMath.pow(2, (double) -i / halving);
      norms(1, share, 2 * share, 3 * share);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aSwitchOfTheBatchSizeIsNoDeath() {
    for (int i = 0; i < 500; i++) {
      float norm = i < 250 ? 1 : 8;
      training.observe(
          Trainings.withLayers(
              training.healthy().set(Scalar.BATCH_SIZE, i < 250 ? 512 : 8), norm, norm, norm));
    }
    assertThat(training.alarms).isEmpty();
  }

  private void zeroFractions(int count, float... shares) {
    for (int i = 0; i < count; i++) {
      training.observe(training.healthy().setLayers(LayerSeries.ZERO_FRACTION, shares));
    }
  }

  @Test
  void unitsThatAllDieAreSeenByTheirShareOfZeros() {
    zeroFractions(100, 0.5f, 0.6f, 0);
    zeroFractions(PERSISTENCE - 1, 0.5f, 0.9995f, 0);
    assertThat(training.alarms).isEmpty();
    zeroFractions(1, 0.5f, 1, 0);
    assertThat(training.opened().get(0).summary())
        .isEqualTo("No gradient reaches middle of 3 since step 100: it ends in middle.");
  }

  @Test
  void aTableOfWhichABatchTouchesFewRowsIsAlive() {
    zeroFractions(200, 0.995f, 0.5f, 0);
    zeroFractions(200, 0.9995f, 0.5f, 0);
    assertThat(training.alarms).isEmpty();
  }

  @ParameterizedTest(name = "logged every {0} steps")
  @ValueSource(ints = {10, 50, 200})
  void coarseLogsNeedAsManyRows(int interval) {
    for (int i = 0; i < 100 + PERSISTENCE; i++) {
      training.step = (long) i * interval;
      norms(1, 1, i < 100 ? 2 : 0, 3);
    }
    assertThat(training.opened()).hasSize(1);
    assertThat(training.opened().get(0).onsetStep()).isEqualTo(100L * interval);
  }

  @Test
  void aLayerThatDiesAfterTheMeasureOfNormsChangedIsTold() {
    for (int i = 0; i < 600; i++) {
      training.attempt = i < 300 ? 0 : 1;
      float measure = i < 300 ? 1 : 1e-6f;
      training.observe(
          Trainings.withLayers(
              training.healthy().set(Scalar.GRAD_NORM, measure * (1 + 0.1 * (i % 3))),
              measure,
              i < 400 ? measure : 0));
      if (i < 400) {
        assertThat(training.alarms).isEmpty();
      }
    }
    assertThat(training.opened()).hasSize(1);
    assertThat(training.opened().get(0).onsetStep()).isEqualTo(400);
  }
}
