package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmLatch;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No alarm lasts for ever: not of a detector that is off, not of a level that has settled. */
class LastingAlarmsTest {
  private final Trainings training = new Trainings(77);

  private Observation flat(double loss) {
    return training.healthy().set(Scalar.LOSS, loss * StrictMath.exp(0.03 * training.noise()));
  }

  @Test
  void thePageOfADetectorThatIsSwitchedOffEnds() {
    training.healthySteps(100);
    for (int i = 0; i < 3; i++) {
      training.observe(training.healthy().set(Scalar.LOSS, Double.NaN));
    }
    assertThat(training.state.openAlarms.pageIsOpen()).isTrue();
    RunMonitor without = new RunMonitor(Policy.of(Settings.NONE.with(AlarmKind.NON_FINITE, false)));
    List<Alarm> later = new ArrayList<>();
    for (int i = 0; i < AlarmLatch.PAGE_CLEAR; i++) {
      RunEvent event =
          new RunEvent("default", "run", 0, 200 + i, 0, RunEvent.WHOLE_RUN, training.healthy());
      later.addAll(without.accept(training.state, event).alarms());
    }
    assertThat(later).hasSize(1);
    assertThat(later.get(0).state()).isEqualTo(AlarmState.RESOLVED);
    assertThat(training.state.openAlarms.pageIsOpen()).isFalse();
  }

  @Test
  void aLossThatHasSettledHigherIsPagedOnceAndTheRunIsWatchedAgain() {
    for (int i = 0; i < 1_000; i++) {
      training.observe(flat(2));
    }
    for (int i = 0; i < 2_000; i++) {
      training.observe(flat(2.8));
    }
    assertThat(training.opened()).extracting(Alarm::kind).contains(AlarmKind.DIVERGENCE);
    assertThat(training.state.openAlarms.pageIsOpen()).isFalse();
    int before = training.opened().size();
    for (int i = 0; i < 30; i++) {
      training.observe(flat(5.6));
    }
    assertThat(training.opened().size()).isGreaterThan(before);
    assertThat(training.state.openAlarms.pageIsOpen()).isTrue();
  }

  @Test
  void spikesOfTheLossDoNotHideNormsThatKeepDoubling() {
    for (int i = 0; i < 300; i++) {
      training.observe(flat(2));
    }
    for (int i = 0; i < 200; i++) {
      double loss = i % 80 == 0 ? 6 : 2;
      training.observe(flat(loss).set(Scalar.GRAD_NORM, StrictMath.pow(2, i / 20.0)));
    }
    assertThat(training.alarms).extracting(Alarm::kind).contains(AlarmKind.EXPLODING_GRADIENT);
  }

  @Test
  void aLayerThatReportsNothingIsNotANanWhereTheGlobalNormIsFinite() {
    training.started("frozen", "head");
    for (int i = 0; i < 50; i++) {
      training.observe(
          Trainings.withLayers(flat(2), Float.NaN, 1)
              .setLayers(LayerSeries.WEIGHT_NORM, new float[] {Float.NaN, 1}));
    }
    assertThat(training.alarms).isEmpty();
    training.observe(Trainings.withLayers(flat(2).set(Scalar.GRAD_NORM, Double.NaN), Float.NaN, 1));
    assertThat(training.opened()).extracting(Alarm::kind).containsExactly(AlarmKind.NON_FINITE);
  }

  @Test
  void aNegativeLossNowAndThenMakesNoLossThatMayBeNegative() {
    for (int i = 0; i < 2_000; i++) {
      training.observe(i % 400 == 399 ? training.healthy().set(Scalar.LOSS, -1e-9) : flat(2));
    }
    assertThat(training.state.series.lossIsLinear()).isFalse();
  }
}
