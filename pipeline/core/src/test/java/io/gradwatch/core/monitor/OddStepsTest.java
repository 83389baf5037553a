package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps, times and layers that are not what one expects, every detector on. */
class OddStepsTest {
  private static final int STEPS = 400;

  /** A run whose norm begins to double after three hundred steps, told otherwise. */
  private static List<Alarm> exploding(LongUnaryOperator step, LongUnaryOperator emittedAt) {
    RunMonitor monitor = new RunMonitor(Policy.defaults());
    RunState state = new RunState();
    List<Alarm> alarms = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < STEPS; i++) {
      double growth = StrictMath.pow(2, Math.max(0, i - 300) / 8.0);
      Observation row =
          new Observation()
              .set(Scalar.LOSS, 2 * StrictMath.exp(-i / 300.0 + 0.03 * random.nextGaussian()))
              .set(Scalar.GRAD_NORM, growth * StrictMath.exp(0.1 * random.nextGaussian()));
      long at = step.applyAsLong(i);
      RunEvent event =
          new RunEvent("default", "run", 0, at, emittedAt.applyAsLong(i), RunEvent.WHOLE_RUN, row);
      alarms.addAll(monitor.accept(state, event).alarms());
    }
    return alarms;
  }

  private static List<String> kindsAndSteps(List<Alarm> alarms, long first) {
    return alarms.stream()
        .map(alarm -> alarm.kind() + " " + alarm.state() + " " + (alarm.step() - first))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1_000_000, (1L << 53) - STEPS})
  void aRunMayStartAtAnyStep(long first) {
    List<String> usual = kindsAndSteps(exploding(i -> i, i -> i), 0);
    assertThat(usual).isNotEmpty();
    assertThat(kindsAndSteps(exploding(i -> first + i, i -> i), first)).isEqualTo(usual);
  }

  @Test
  void theClockOfTheTrainerDecidesNothing() {
    List<String> usual = kindsAndSteps(exploding(i -> i, i -> i), 0);
    Random random = new Random(11);
    LongUnaryOperator wild = i -> random.nextLong() >>> 1;
    assertThat(kindsAndSteps(exploding(i -> i, wild), 0)).isEqualTo(usual);
    assertThat(kindsAndSteps(exploding(i -> i, i -> 1_000_000 - i), 0)).isEqualTo(usual);
  }

  @Test
  void stepsThatAreMissingRaiseNothing() {
    Trainings training = new Trainings(151);
    Random random = new Random(13);
    for (int i = 0; i < 2_000; i++) {
      training.observe(training.healthy());
      training.step += random.nextInt(10) == 0 ? random.nextInt(40) : 0;
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void ofABatchInReverseOrderTheNewestStepCounts() {
    Trainings training = new Trainings(157);
    for (int batch = 0; batch < 200; batch++) {
      training.step = 10L * batch;
      for (int back = 9; back >= 0; back--) {
        training.send(training.step + back, training.healthy());
      }
    }
    assertThat(training.state.series.counters().steps()).isEqualTo(200);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void ofMicroStepsOfOneStepTheFirstCounts() {
    Trainings training = new Trainings(163);
    for (int step = 0; step < 200; step++) {
      for (int micro = 0; micro < 4; micro++) {
        training.send(step, training.healthy());
      }
    }
    assertThat(training.state.series.counters().steps()).isEqualTo(200);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void layersThatComeAndGoPageNobody() {
    Trainings training = new Trainings(167).started("a", "b", "c");
    int[] layers = {3, 5, 2, 0, 300, 1};
    for (int i = 0; i < 1_200; i++) {
      float[] norms = new float[layers[i / 200]];
      Arrays.fill(norms, (float) StrictMath.exp(0.1 * training.noise()));
      training.observe(training.healthy().setLayers(LayerSeries.GRAD_NORM, norms));
    }
    assertThat(training.alarms).extracting(Alarm::severity).doesNotContain(Severity.CRITICAL);
    assertThat(training.state.layerNames).containsExactly("a", "b", "c");
  }

  @Test
  void aLossThatChangesItsSignAtEveryStepPagesNobody() {
    Trainings training = new Trainings(173);
    for (int i = 0; i < 2_000; i++) {
      double loss = (i % 2 == 0 ? 1 : -1) * (1 + 0.05 * training.noise());
      training.observe(training.healthy().set(Scalar.LOSS, loss));
    }
    assertThat(training.alarms).extracting(Alarm::severity).doesNotContain(Severity.CRITICAL);
  }

  @Test
  void anEvaluationLossAmongThoseOfTheTrainingPagesNobody() {
    Trainings training = new Trainings(179);
    for (int i = 0; i < 2_000; i++) {
      Observation row = training.healthy();
      if (i % 100 == 99) {
        row.set(Scalar.LOSS, 1.3 * row.get(Scalar.LOSS));
      }
      training.observe(row);
    }
    assertThat(training.alarms).extracting(Alarm::severity).doesNotContain(Severity.CRITICAL);
    assertThat(training.opened())
        .extracting(Alarm::kind)
        .allMatch(kind -> kind == AlarmKind.LOSS_SPIKE);
  }
}
