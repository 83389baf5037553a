package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmId;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.clip.AdviceReason;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunMonitorTest {
  private final Trainings training = new Trainings(71);

  private void diverge(int steps) {
    for (int i = 0; i < steps; i++) {
      training.observe(training.healthy().set(Scalar.LOSS, 9 + 0.1 * training.noise()));
    }
  }

  @Test
  void tellsStatisticsEveryFiftyStepsAndAtTheEnd() {
    training.healthySteps(149);
    assertThat(training.statistics).extracting(RunStatistics::stepsSeen).containsExactly(50L, 100L);
    training.send(149, new RunEvent.Ended(RunEvent.Outcome.COMPLETED));
    assertThat(training.statistics)
        .extracting(RunStatistics::stepsSeen)
        .containsExactly(50L, 100L, 149L);
    assertThat(training.statistics.get(2).emittedAt()).isEqualTo(149_000);
  }

  @Test
  void theEndTellsNothingThatWasJustTold() {
    training.healthySteps(100);
    training.send(99, new RunEvent.Ended(RunEvent.Outcome.COMPLETED));
    training.send(99, new RunEvent.Ended(RunEvent.Outcome.COMPLETED));
    assertThat(training.statistics).extracting(RunStatistics::stepsSeen).containsExactly(50L, 100L);
  }

  @Test
  void aRepeatedStepChangesNothing() {
    training.healthySteps(99);
    Observation last = training.healthy();
    training.observe(last);
    byte[] before = training.state.toBytes();
    training.send(99, last);
    training.send(50, training.healthy());
    assertThat(training.state.toBytes()).isEqualTo(before);
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void aRepeatedStepWithOtherValuesChangesNothingButThatItIsNoticed() {
    training.healthySteps(100);
    training.send(98, training.healthy().set(Scalar.LOSS, Double.NaN));
    RunState repeated = training.state.copy();
    Trainings once = new Trainings(71).healthySteps(100);
    repeated.memory.clear();
    once.state.memory.clear();
    assertThat(repeated.toBytes()).isEqualTo(once.state.toBytes());
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void anOlderAttemptChangesNothing() {
    training.attempt = 2;
    training.healthySteps(100);
    byte[] before = training.state.toBytes();
    training.attempt = 1;
    training.send(500, training.healthy().set(Scalar.LOSS, Double.NaN));
    assertThat(training.state.toBytes()).isEqualTo(before);
  }

  @Test
  void aRewindResolvesWhatIsOpenAndKeepsTheBaselines() {
    training.healthySteps(300);
    diverge(30);
    assertThat(training.alarms).extracting(Alarm::state).contains(AlarmState.OPEN);
    training.attempt = 1;
    training.step = 250;
    training.healthySteps(10);
    int resolved = training.alarms.size();
    assertThat(training.alarms)
        .last()
        .satisfies(
            alarm -> {
              assertThat(alarm.resolution()).isEqualTo(Resolution.REWOUND);
              assertThat(alarm.attempt()).isZero();
              assertThat(alarm.step()).isEqualTo(250);
            });
    assertThat(training.statistics).last().extracting(RunStatistics::openAlarms).isEqualTo(0);

    diverge(15);
    assertThat(training.alarms.subList(resolved, training.alarms.size()))
        .as("a level that was known before the rewind needs no new learning")
        .extracting(Alarm::severity)
        .contains(Severity.CRITICAL);
  }

  @Test
  void aNewAttemptIsToldTheAdviceAtItsFirstStep() {
    training.healthySteps(300);
    training.attempt = 1;
    training.step = 200;
    training.healthySteps(1);
    assertThat(training.recommendations)
        .last()
        .satisfies(
            advice -> {
              assertThat(advice.attempt()).isEqualTo(1);
              assertThat(advice.madeAtStep()).isEqualTo(200);
              assertThat(advice.reason()).isEqualTo(AdviceReason.REWOUND);
            });
    training.attempt = 2;
    training.step = 300;
    training.healthySteps(1);
    assertThat(training.recommendations).last().extracting(Recommendation::attempt).isEqualTo(2);
    assertThat(training.recommendations)
        .last()
        .extracting(Recommendation::reason)
        .isEqualTo(AdviceReason.RENEWED);
  }

  @Test
  void checkpointsOfWhatWasGivenUpAreForgotten() {
    training.healthySteps(200);
    training.send(150, new RunEvent.CheckpointSaved("s3://runs/150", 150));
    training.healthySteps(100);
    training.send(290, new RunEvent.CheckpointSaved("s3://runs/290", 290));
    training.send(290, new RunEvent.CheckpointSaved("s3://runs/290", 290));
    training.attempt = 1;
    training.step = 151;
    training.healthySteps(200);
    diverge(20);
    assertThat(training.alarms)
        .last()
        .extracting(Alarm::checkpoint)
        .isEqualTo(new Alarm.Checkpoint(150, "s3://runs/150"));
  }

  @Test
  void aHeartbeatWithoutRankDoesNotSilenceRankZero() {
    training.send(0, new RunEvent.Heartbeat());
    training.rank = 0;
    training.healthySteps(50);
    assertThat(training.statistics).hasSize(1);
  }

  @Test
  void adviceTellsTheEndOnlyOfADisturbanceItTold() {
    training.observe(training.healthy().set(Scalar.LOSS, Double.NaN));
    training.healthySteps(40);
    assertThat(training.recommendations)
        .extracting(Recommendation::reason)
        .doesNotContain(AdviceReason.RECOVERED);
  }

  @Test
  void anAttemptThatGoesOnWhereTheLastEndedKeepsItsAlarms() {
    training.healthySteps(300);
    diverge(30);
    int records = training.alarms.size();
    training.attempt = 1;
    diverge(1);
    assertThat(training.alarms).hasSize(records);
  }

  @Test
  void whereNoEventSpeaksForTheRunRankZeroDoes() {
    training.rank = 1;
    training.healthySteps(50);
    assertThat(training.statistics).isEmpty();
    training.rank = 0;
    training.step = 0;
    training.healthySteps(50);
    assertThat(training.statistics).hasSize(1);
  }

  @Test
  void rankZeroDoesNotSpeakForARunThatSpeaks() {
    training.healthySteps(10);
    double[] before = training.state.series.loss().clone();
    training.rank = 0;
    training.healthySteps(10);
    assertThat(training.state.series.loss()).isEqualTo(before);
    assertThat(training.state.series.counters().steps()).isEqualTo(10);
  }

  @Test
  void anAlarmKeepsItsIdThroughItsLife() {
    training.healthySteps(300);
    diverge(30);
    training.send(400, new RunEvent.Ended(RunEvent.Outcome.FAILED));
    assertThat(training.alarms.stream().filter(a -> a.kind() == AlarmKind.DIVERGENCE))
        .extracting(Alarm::id)
        .hasSizeGreaterThan(1)
        .containsOnly(
            AlarmId.of(
                "default",
                "run",
                0,
                AlarmKind.DIVERGENCE,
                training.alarms.stream()
                    .filter(a -> a.kind() == AlarmKind.DIVERGENCE)
                    .findFirst()
                    .orElseThrow()
                    .openedStep()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 150, 301, 305, 312, 330, 399})
  void aRestoredStateGoesOnExactlyAsTheOneThatWasSaved(int splitAt) {
    Trainings whole = new Trainings(81).started("a", "b");
    Trainings split = new Trainings(81).started("a", "b");
    for (int i = 0; i < 400; i++) {
      if (i == splitAt) {
        byte[] saved = split.state.toBytes();
        split.state = RunState.fromBytes(saved);
        assertThat(split.state.toBytes()).isEqualTo(saved);
      }
      whole.observe(turbulent(whole, i));
      split.observe(turbulent(split, i));
    }
    assertThat(whole.alarms)
        .extracting(Alarm::kind)
        .contains(AlarmKind.NON_FINITE, AlarmKind.EXPLODING_GRADIENT);
    assertThat(split.alarms).isEqualTo(whole.alarms);
    assertThat(split.recommendations.stream().map(RunMonitorTest::text).toList())
        .isEqualTo(whole.recommendations.stream().map(RunMonitorTest::text).toList());
    assertThat(split.statistics.stream().map(RunMonitorTest::text).toList())
        .isEqualTo(whole.statistics.stream().map(RunMonitorTest::text).toList());
    assertThat(split.state.toBytes()).isEqualTo(whole.state.toBytes());
  }

  /** Every field of a record, arrays by their content, NaN equal to itself. */
  private static String text(RunStatistics of) {
    return of.step()
        + " "
        + of.openAlarms()
        + of.highestSeverity()
        + of.loss()
        + of.gradNorm()
        + Arrays.toString(of.layerGradNormMeans())
        + Arrays.toString(of.layerGrowthRates())
        + of.clip();
  }

  private static String text(Recommendation of) {
    return of.madeAtStep()
        + " "
        + of.clipThreshold()
        + of.frozen()
        + of.summary()
        + Arrays.toString(of.layerClipThresholds())
        + of.clipValue();
  }

  private static Observation turbulent(Trainings run, int i) {
    Observation observation = run.healthy();
    if (i == 120) {
      observation.set(Scalar.LOSS, Double.NaN);
    }
    if (i >= 300) {
      observation.set(Scalar.LOSS, 2).set(Scalar.GRAD_NORM, 0.01 * StrictMath.pow(1.2, i - 300));
    }
    return Trainings.withLayers(observation, i, 1 + i % 3);
  }

  @Test
  void aCopyLivesItsOwnLife() {
    training.healthySteps(60);
    RunState copy = training.state.copy();
    byte[] before = copy.toBytes();
    training.healthySteps(10);
    assertThat(copy.toBytes()).isEqualTo(before);
  }

  @Test
  void aStateOfAnUnknownVersionIsRefusedWithBothVersions() {
    byte[] bytes = new RunState().toBytes();
    bytes[3] = 99;
    assertThatThrownBy(() -> RunState.fromBytes(bytes))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("99")
        .hasMessageContaining(Integer.toString(RunState.VERSION));
  }

  @ParameterizedTest
  @EnumSource(names = {"ADAPTIVE", "ADAGC"})
  void aStepWithoutFindingsAllocatesNothing(ClipRuleKind rule) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    RunMonitor monitor = new RunMonitor(Policy.of(Settings.NONE.withClip(rule)));
    RunState state = new RunState();
    float[] layers = new float[100];
    Arrays.fill(layers, 1);
    float[] updates = new float[100];
    Arrays.fill(updates, 0.001f);
    Log2Histogram histogram = new Log2Histogram(-9, new long[] {9, 500, 3_000, 700, 20, 2}, 5, 0);
    int count = 40_000;
    RunEvent[] events = new RunEvent[count];
    for (int i = 0; i < count; i++) {
      Observation observation =
          Trainings.withLayers(training.healthy().set(Scalar.LOSS, 2), layers)
              .setLayers(LayerSeries.WEIGHT_NORM, layers)
              .setLayers(LayerSeries.UPDATE_NORM, updates)
              .setLayers(LayerSeries.ZERO_FRACTION, layers)
              .set(Scalar.GRAD_ABS_MAX, 0.1)
              .set(Scalar.CLIP_THRESHOLD, 1.05)
              .setHistogram(histogram);
      events[i] = new RunEvent("p", "r", 0, i, 0, RunEvent.WHOLE_RUN, observation);
    }
    long quiet = 0;
    long allocating = 0;
    for (int i = 0; i < count; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      Findings findings = monitor.accept(state, events[i]);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      boolean silent =
          findings.statistics().isEmpty()
              && findings.alarms().isEmpty()
              && findings.recommendations().isEmpty();
      if (i > 30_000 && silent) {
        allocating += allocated > 0 ? 1 : 0;
        quiet++;
      }
    }
    assertThat(quiet).isGreaterThan(5_000);
    // Now and then the compiler charges a few bytes to the thread it compiles for.
    assertThat((double) allocating / quiet).as("share of steps that allocate").isLessThan(0.01);
  }
}
