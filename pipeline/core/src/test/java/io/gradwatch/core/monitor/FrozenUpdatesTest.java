package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenUpdatesTest {
  private static final int PERSISTENCE = Policy.defaults().frozenUpdates().persistence();

  private final Trainings training =
      Trainings.watchedBy(AlarmKind.FROZEN_UPDATES, 92).started("embed", "head");

  private Observation updates(double embed, double head) {
    return Trainings.withLayers(training.healthy(), 1, 1)
        .setLayers(LayerSeries.WEIGHT_NORM, new float[] {10, 20})
        .setLayers(LayerSeries.UPDATE_NORM, new float[] {(float) embed, (float) head});
  }

  private void updates(int count, double embed, double head) {
    for (int i = 0; i < count; i++) {
      training.observe(updates(embed, head));
    }
  }

  @Test
  void weightsThatStopAreToldWhileThereIsAGradient() {
    updates(100, 0.01, 0.01);
    for (int i = 0; i < PERSISTENCE - 1; i++) {
      training.observe(updates(0, 0).set(Scalar.LEARNING_RATE, 0));
    }
    assertThat(training.alarms).isEmpty();
    training.observe(updates(0, 0).set(Scalar.LEARNING_RATE, 0));

    Alarm alarm = training.opened().get(0);
    assertThat(alarm.onsetStep()).isEqualTo(100);
    assertThat(alarm.layers()).hasSize(2);
    assertThat(alarm.summary())
        .isEqualTo(
            "The weights of 2 layers of 2 do not move since step 100 although there is a gradient.");
    assertThat(alarm.actions().get(0).text()).contains("the learning rate is 0");
    updates(2_000, 0, 0);
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void theLearningRateIsNoEvidence() {
    for (int i = 0; i < 500; i++) {
      training.observe(updates(0.01, 0.01).set(Scalar.LEARNING_RATE, i < 100 ? 1 : 0));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void oneLayerThatStopsIsNamed() {
    updates(100, 0.01, 0.01);
    updates(PERSISTENCE, 0, 0.01);
    assertThat(training.opened().get(0).layers())
        .extracting(Alarm.ImplicatedLayer::name)
        .containsExactly("embed");
    assertThat(training.opened().get(0).summary()).contains("The weights of embed of 2");
  }

  @Test
  void aLayerThatNeverMovedIsFrozenOnPurpose() {
    updates(500, 0, 0.01);
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aLayerWithoutGradientIsLeftToDeadLayer() {
    updates(100, 0.01, 0.01);
    for (int i = 0; i < 500; i++) {
      training.observe(Trainings.withLayers(updates(0, 0.01), 0, 1));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void skippedUpdatesCountForNothing() {
    updates(100, 0.01, 0.01);
    for (int i = 0; i < 200; i++) {
      training.observe(updates(0, 0).set(Scalar.UPDATE_SKIPPED, 1));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aScheduleThatEndsAtNothingIsNotFrozen() {
    for (int i = 0; i < 3_000; i++) {
      double cosine = 0.5 * (1 + StrictMath.cos(StrictMath.PI * (i % 1_000) / 999));
      updates(1, 0.05 * cosine, 0.05 * cosine);
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void stepsThatRewriteTheWeightsAreToldWithTheFactor() {
    updates(100, 0.01, 0.01);
    updates(PERSISTENCE - 1, 8, 0.01);
    assertThat(training.alarms).isEmpty();
    updates(1, 8, 0.01);

    Alarm alarm = training.opened().get(0);
    assertThat(alarm.onsetStep()).isEqualTo(100);
    assertThat(Trainings.evidence(alarm, "update_ratio")).isCloseTo(0.8, within(1e-6));
    assertThat(alarm.summary())
        .isEqualTo(
            "Each step changes embed of 2 by 0.8000 times its weights since step 100, a thousandth"
                + " is usual.");
    assertThat(alarm.actions().get(0).action()).isEqualTo(ActionKind.LOWER_LEARNING_RATE);
  }

  @Test
  void weightsThatStartAtZeroMayGrowByThemselves() {
    for (int i = 0; i < 500; i++) {
      training.observe(
          Trainings.withLayers(training.healthy(), 1, 1)
              .setLayers(LayerSeries.WEIGHT_NORM, new float[] {0.01f * i, 20})
              .setLayers(LayerSeries.UPDATE_NORM, new float[] {0.01f, 0.01f}));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void nansAndMissingNormsCountForNothing() {
    updates(100, 0.01, 0.01);
    for (int i = 0; i < 200; i++) {
      training.observe(updates(Double.NaN, Double.POSITIVE_INFINITY));
      training.observe(training.healthy());
      training.observe(training.healthy().setLayers(LayerSeries.UPDATE_NORM, new float[] {0, 0}));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aRewindForgets() {
    updates(100, 0.01, 0.01);
    updates(PERSISTENCE - 1, 0, 0);
    training.attempt = 1;
    training.step = 50;
    updates(500, 0, 0);
    assertThat(training.alarms).isEmpty();
  }

  @ParameterizedTest(name = "logged every {0} steps")
  @ValueSource(ints = {10, 50, 200})
  void coarseLogsNeedAsManyRows(int interval) {
    for (int i = 0; i < 100 + PERSISTENCE; i++) {
      training.step = (long) i * interval;
      updates(1, i < 100 ? 0.01 : 0, 0.01);
    }
    assertThat(training.opened()).hasSize(1);
    assertThat(training.opened().get(0).onsetStep()).isEqualTo(100L * interval);
  }
}
