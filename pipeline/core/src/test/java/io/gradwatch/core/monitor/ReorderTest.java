package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that come a few places late are put in order; gaps that are real cost a short wait. */
class ReorderTest {
  private static final int IN_ORDER = 40;

  private final RunMonitor monitor = new RunMonitor(Policy.defaults());

  private static RunEvent event(long step, RunEvent.Body body) {
    return new RunEvent("default", "run", 0, step, 1_000 + step, RunEvent.WHOLE_RUN, body);
  }

  /** A training that diverges in its middle, with evaluations and checkpoints of its steps. */
  private static List<RunEvent> training(long seed, int steps, int interval) {
    Random random = new Random(seed);
    List<RunEvent> events = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      long step = (long) i * interval;
      double norm = StrictMath.exp(0.1 * random.nextGaussian() + Math.max(0, i - 250) * 0.1);
      Observation observation =
          new Observation()
              .set(Scalar.LOSS, 2 * StrictMath.exp(0.03 * random.nextGaussian()))
              .set(Scalar.GRAD_NORM, norm)
              .set(Scalar.UPDATE_SKIPPED, 0)
              .setLayers(LayerSeries.GRAD_NORM, new float[] {(float) norm, (float) norm / 2})
              .setHistogram(new Log2Histogram(-9, new long[] {9, 500, 30, i % 7}, i % 3, 0))
              .setMetrics(Map.of("accuracy", 0.5));
      if (i == 200) {
        observation.set(Scalar.LOSS, Double.NaN);
      }
      events.add(event(step, observation));
      if (i % 50 == 49) {
        events.add(event(step, new RunEvent.EvaluationCompleted(2 + i / 300.0, Map.of())));
        events.add(event(step, new RunEvent.CheckpointSaved("s3://c/" + i, step)));
        events.add(event(step, new RunEvent.AdviceApplied(1, 1, step)));
      }
    }
    return events;
  }

  /** All that comes out, each kind of record in its order. */
  private List<String> told(RunState state, List<RunEvent> events) {
    List<String> alarms = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    List<String> statistics = new ArrayList<>();
    for (RunEvent event : events) {
      Findings findings = monitor.accept(state, event);
      findings.alarms().forEach(alarm -> alarms.add(alarm.toString()));
      findings.recommendations().forEach(record -> advice.add(text(record)));
      findings.statistics().forEach(record -> statistics.add(text(record)));
    }
    alarms.addAll(advice);
    alarms.addAll(statistics);
    return alarms;
  }

  private static String text(Recommendation of) {
    return of.madeAtStep()
        + " "
        + of.emittedAt()
        + of.reason()
        + of.clipThreshold()
        + Arrays.toString(of.layerClipThresholds())
        + of.summary();
  }

  private static String text(RunStatistics of) {
    return of.step()
        + " "
        + of.emittedAt()
        + of.loss()
        + of.gradNorm()
        + Arrays.toString(of.layerGradNormMeans())
        + of.clip();
  }

  /**
   * Observations that come at most so many places late, but for those around which something else
   * is told: what comes after the next observation did cannot be known to belong before it.
   */
  private static List<RunEvent> shuffled(List<RunEvent> events, int places, Random random) {
    record Placed(RunEvent event, double place) {}
    List<Placed> placed = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      boolean moves = i >= IN_ORDER && isAmongObservations(events, i);
      placed.add(new Placed(events.get(i), i + (moves ? places * random.nextDouble() : 0)));
    }
    return placed.stream()
        .sorted(Comparator.comparingDouble(Placed::place))
        .map(Placed::event)
        .toList();
  }

  private static boolean isAmongObservations(List<RunEvent> events, int index) {
    int first = Math.max(0, index - ReorderBuffer.MOST);
    int last = Math.min(events.size(), index + ReorderBuffer.MOST);
    return events.subList(first, last).stream()
        .allMatch(event -> event.body() instanceof Observation);
  }

  @ParameterizedTest(name = "seed {0}, every {1} steps")
  @CsvSource({"1,1", "2,1", "3,10", "4,7", "5,1", "6,1", "7,3", "8,1000"})
  void stepsShuffledWithinTheBufferSayTheSameBytes(long seed, int interval) {
    List<RunEvent> ordered = training(seed, 400, interval);
    List<RunEvent> shuffled =
        new ArrayList<>(shuffled(ordered, ReorderBuffer.MOST, new Random(seed)));
    assertThat(shuffled).isNotEqualTo(ordered);
    RunEvent end = event(400L * interval, new RunEvent.Ended(RunEvent.Outcome.FAILED));
    ordered.add(end);
    shuffled.add(end);
    RunState expected = new RunState();
    RunState found = new RunState();
    List<String> of = told(expected, ordered);
    assertThat(of).anyMatch(text -> text.contains("CRITICAL"));
    assertThat(told(found, shuffled)).isEqualTo(of);
    assertThat(found.toBytes()).isEqualTo(expected.toBytes());
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void whatWaitsSurvivesABinaryCopyAtAnyPlace(long seed) {
    List<RunEvent> shuffled = shuffled(training(seed, 400, 1), 6, new Random(seed));
    RunState whole = new RunState();
    told(whole, shuffled);
    RunState state = new RunState();
    for (RunEvent event : shuffled) {
      byte[] saved = state.toBytes();
      state = RunState.fromBytes(saved);
      assertThat(state.toBytes()).isEqualTo(saved);
      monitor.accept(state, event);
    }
    assertThat(state.toBytes()).isEqualTo(whole.toBytes());
  }

  /** Steps, each answered by how many observations have been taken after it. */
  private List<Long> seen(RunState state, long... steps) {
    List<Long> seen = new ArrayList<>();
    for (long step : steps) {
      monitor.accept(state, event(step, new Observation().set(Scalar.LOSS, 1)));
      seen.add(state.series.counters().steps());
    }
    return seen;
  }

  private RunState after(int steps, int interval) {
    RunState state = new RunState();
    for (int i = 0; i < steps; i++) {
      seen(state, (long) i * interval);
    }
    return state;
  }

  @Test
  void aGapThatIsRealIsPassedAfterEightEvents() {
    RunState state = after(100, 1);
    assertThat(seen(state, 101, 102, 103, 104, 105, 106, 107, 108)).containsOnly(100L);
    assertThat(seen(state, 109, 110, 111)).containsExactly(109L, 110L, 111L);
  }

  @Test
  void theStepThatWasMissingLetsTheOthersThrough() {
    RunState state = after(100, 1);
    assertThat(seen(state, 102, 101)).containsOnly(100L);
    assertThat(seen(state, 100)).containsExactly(103L);
    assertThat(seen(state, 100, 101, 102)).as("repeats").containsOnly(103L);
  }

  @Test
  void aRunWithoutAPaceWaitsForNothing() {
    RunState state = new RunState();
    assertThat(seen(state, 0, 5, 6, 20, 21, 30, 50, 51, 60, 61, 80))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
  }

  @Test
  void aStepBetweenTwoOfThePaceIsTakenAtOnce() {
    RunState state = after(100, 10);
    assertThat(seen(state, 995, 1_000)).containsExactly(101L, 102L);
  }

  @Test
  void anotherLoggingIntervalIsLearnt() {
    RunState state = after(100, 1);
    long step = 99;
    for (int i = 0; i < 20; i++) {
      step += 50;
      seen(state, step);
    }
    assertThat(state.series.counters().steps()).isEqualTo(120);
    assertThat(seen(state, step + 50)).as("nothing waits any more").containsExactly(121L);
  }

  @Test
  void theEndLetsThroughWhatWaits() {
    RunState state = after(100, 1);
    seen(state, 102, 101, 103);
    Findings findings =
        monitor.accept(state, event(104, new RunEvent.Ended(RunEvent.Outcome.COMPLETED)));
    assertThat(findings.statistics()).extracting(RunStatistics::stepsSeen).containsExactly(103L);
  }

  @Test
  void aNewAttemptLetsThroughWhatWaitsBeforeItBegins() {
    RunState state = after(100, 1);
    seen(state, 101, 102);
    monitor.accept(
        state,
        new RunEvent("default", "run", 1, 50, 0, RunEvent.WHOLE_RUN, new RunEvent.Heartbeat()));
    assertThat(state.series.counters().steps()).isEqualTo(102);
    assertThat(seen(state, 50)).as("of the older attempt").containsExactly(102L);
  }

  @Test
  void aHeartbeatDoesNotWait() {
    RunState state = after(100, 1);
    for (int i = 0; i < 20; i++) {
      monitor.accept(state, event(105, new RunEvent.Heartbeat()));
    }
    assertThat(seen(state, 101)).containsExactly(100L);
    assertThat(seen(state, 100)).containsExactly(102L);
  }

  @Test
  void aPageIsLateByNoMoreThanWhatWaits() {
    Trainings training = new Trainings(9);
    training.healthySteps(200);
    training.step++;
    for (int i = 0; i < 10; i++) {
      training.observe(training.healthy().set(Scalar.LOSS, Double.NaN));
    }
    assertThat(training.alarms).extracting(Alarm::severity).contains(Severity.CRITICAL);
  }

  @Test
  void tellsWhatCameLateAgainOrOfAnOldAttempt() {
    RunState state = new RunState();
    for (int step = 0; step < IN_ORDER; step++) {
      Findings findings = accept(state, 0, step);
      assertThat(findings.isLate() || findings.isOfOldAttempt()).isFalse();
      assertThat(findings.repeated()).isZero();
    }

    assertThat(accept(state, 0, IN_ORDER + 1).isLate()).as("early").isFalse();
    assertThat(accept(state, 0, IN_ORDER).isLate()).isTrue();
    assertThat(accept(state, 0, IN_ORDER).repeated()).isEqualTo(1);
    accept(state, 1, IN_ORDER + 2);
    assertThat(accept(state, 0, IN_ORDER + 3).isOfOldAttempt()).isTrue();
  }

  private Findings accept(RunState state, int attempt, long step) {
    Observation observation = new Observation().set(Scalar.LOSS, 2).set(Scalar.GRAD_NORM, 1);
    return monitor.accept(
        state,
        new RunEvent("default", "run", attempt, step, step, RunEvent.WHOLE_RUN, observation));
  }
}
