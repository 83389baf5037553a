package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import org.junit.jupiter.api.Test;

/**
 * What is told for the record: norms that are always large, clipping that is always on or never.
 */
class GradientHabitsTest {
  private static final int LARGE = Policy.defaults().largeGradient().persistence();
  private static final int WINDOW = Policy.defaults().clipEngagement().leastValues();

  private final Trainings large = Trainings.watchedBy(AlarmKind.PERSISTENT_LARGE_GRADIENT, 95);
  private final Trainings clipped = Trainings.watchedBy(AlarmKind.CLIP_ENGAGEMENT, 96);

  private void layers(int steps, float... norms) {
    for (int i = 0; i < steps; i++) {
      large.observe(new Observation().setLayers(LayerSeries.GRAD_NORM, norms));
    }
  }

  private void norms(int steps, double norm, double threshold) {
    for (int i = 0; i < steps; i++) {
      clipped.observe(
          new Observation().set(Scalar.GRAD_NORM, norm).set(Scalar.CLIP_THRESHOLD, threshold));
    }
  }

  @Test
  void normsAboveOneInEveryLayerAreToldOnceAfterLong() {
    layers(Trend.LEARNING - 1 + LARGE - 1, 2, 3, 1.5f);
    assertThat(large.alarms).isEmpty();
    layers(1, 2, 3, 1.5f);
    assertThat(large.opened()).hasSize(1);
    assertThat(large.opened().get(0).severity()).isEqualTo(Severity.INFO);
    assertThat(Trainings.evidence(large.opened().get(0), "least_layer"))
        .isCloseTo(1.5, within(1e-6));
    layers(2_000, 2, 3, 1.5f);
    assertThat(large.opened()).hasSize(1);
  }

  @Test
  void oneSmallLayerIsEnoughToSayNothing() {
    layers(3 * LARGE, 2, 3, 0.9f);
    layers(3 * LARGE, 2, 3, 0);
    assertThat(large.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void clippingThatIsAlwaysOnIsToldAfterAWindow() {
    norms(WINDOW - 1, 3, 1);
    assertThat(clipped.alarms).isEmpty();
    norms(1, 3, 1);
    assertThat(clipped.opened()).hasSize(1);
    assertThat(clipped.opened().get(0).severity()).isEqualTo(Severity.INFO);
    assertThat(clipped.opened().get(0).summary()).contains("always on");
    norms(WINDOW, 0.5, 1);
    assertThat(clipped.alarms).last().extracting(Alarm::state).isEqualTo(AlarmState.RESOLVED);
  }

  @Test
  void clippingThatIsNeverOnIsToldAndNormsTakenAfterClippingCount() {
    norms(WINDOW, 0.5, 1);
    assertThat(clipped.opened().get(0).summary()).contains("never on");
    norms(20_000, 1, 1);
    assertThat(clipped.opened()).hasSize(2);
    assertThat(clipped.opened().get(1).summary()).contains("always on");
  }

  @Test
  void clippingNowAndThenIsWorthNothing() {
    for (int i = 0; i < 5_000; i++) {
      norms(1, i % 10 == 0 ? 3 : 0.5, 1);
    }
    assertThat(clipped.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aRunThatTellsNoThresholdIsNotJudged() {
    for (int i = 0; i < 3 * WINDOW; i++) {
      clipped.observe(new Observation().set(Scalar.GRAD_NORM, 3));
    }
    assertThat(clipped.alarms).isEmpty();
  }
}
