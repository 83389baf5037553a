package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.DepthGrowthPolicy;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepthGrowthTest {
  private static final DepthGrowthPolicy POLICY = Policy.defaults().depthGrowth();

  private final Trainings training = Trainings.watchedBy(AlarmKind.DEPTH_GROWTH, 91);

  /** Norms that grow by a factor from each layer to the one before it. */
  private void layers(int count, double factor, double noise) {
    float[] norms = new float[count];
    for (int i = 0; i < count; i++) {
      norms[i] =
          (float)
              (0.01
                  * StrictMath.pow(factor, count - 1 - i)
                  * StrictMath.exp(noise * training.noise()));
    }
    training.observe(new Observation().setLayers(LayerSeries.GRAD_NORM, norms));
  }

  @Test
  void normsThatMultiplyOnTheirWayBackWarnAtOnce() {
    training.started("a", "b", "c", "d", "e", "f", "g", "h");
    layers(8, 2.5, 0);
    assertThat(training.alarms).isEmpty();
    layers(8, 2.5, 0);
    assertThat(training.opened()).hasSize(1);
    Alarm alarm = training.opened().get(0);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.onsetStep()).isZero();
    assertThat(Trainings.evidence(alarm, "growth_per_layer")).isCloseTo(2.5, within(1e-4));
    assertThat(alarm.actions().get(0).action()).isEqualTo(ActionKind.CHECK_INITIALISATION);
    for (int i = 0; i < 500; i++) {
      layers(8, 2.5, 0.2);
    }
    assertThat(training.opened()).as("one alarm an episode").hasSize(1);
  }

  @ParameterizedTest(name = "{0} times per layer")
  @ValueSource(doubles = {0.1, 0.5, 1, 1.5, 1.95})
  void lessGrowthAndGrowthTheOtherWayAreSilent(double factor) {
    for (int i = 0; i < 300; i++) {
      layers(12, factor, 0.02);
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void tooFewLayersMeanNothing() {
    for (int i = 0; i < 10; i++) {
      layers(POLICY.layers() - 1, 4, 0);
    }
    assertThat(training.alarms).isEmpty();
    layers(POLICY.layers(), 4, 0);
    layers(POLICY.layers(), 4, 0);
    assertThat(training.opened()).hasSize(1);
  }

  @Test
  void oneLayerThatStandsOutIsNoGrowthOverDepth() {
    for (int i = 0; i < 10; i++) {
      training.observe(
          new Observation()
              .setLayers(LayerSeries.GRAD_NORM, new float[] {1e6f, 1, 1, 1, 1, 1, 1, 1}));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void valuesThatHaveNoLogarithmAreLeftOut() {
    for (int i = 0; i < 10; i++) {
      training.observe(
          new Observation()
              .setLayers(
                  LayerSeries.GRAD_NORM,
                  new float[] {
                    Float.NaN, 0, Float.POSITIVE_INFINITY, -0f, Float.MIN_VALUE, 1e30f, 1, 1
                  }));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }
}
