package io.gradwatch.jobs.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.monitor.RunWatch;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.Backend;
import io.gradwatch.jobs.Outputs;
import io.gradwatch.jobs.Policies;
import io.gradwatch.jobs.Samples;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.Severity;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** More runs and more warnings of one project than a task takes. */
@ParameterizedClass
@EnumSource(Backend.class)
class LimitsTest {
  @Parameter private Backend backend;

  private static final String ALARMS = Topics.alarms(Topics.DEFAULT_PROJECT);
  private static final long START = 1_700_000_000_000L;
  private static final Duration EXPIRY = Duration.ofHours(1);

  @Test
  void runsBeyondTheLimitAreNotTakenAndThoseWithinItAreJudgedAsEver() throws Exception {
    List<Samples.Sent> first = Samples.explodingRun("first", 400);
    try (Harness task = harness(limits(2, 1_000))) {
      task.open();
      steps(task, "second", 1);
      accept(task, first.subList(0, 100));
      long entries = task.stateEntries();
      steps(task, "third", 30);
      assertThat(task.stateEntries()).as("nothing is kept of the third").isEqualTo(entries);
      accept(task, first.subList(100, first.size()));

      assertThat(outputs(task).of(ALARMS)).isEqualTo(Outputs.straight(first).of(ALARMS));
    }
  }

  @Test
  void aRunThatIsForgottenMakesRoom() throws Exception {
    try (Harness task = harness(limits(1, 1_000))) {
      task.setProcessingTime(START);
      task.open();
      steps(task, "old", 1);
      steps(task, "new", 1);
      assertThat(task.stateEntries()).as("run and reporting of one").isEqualTo(2);
      for (long second = 0; second < 2 * EXPIRY.toSeconds(); second += 10) {
        task.setProcessingTime(START + 1_000 * second);
      }
      assertThat(task.stateEntries()).isZero();
      steps(task, "new", 1);

      assertThat(task.stateEntries()).isEqualTo(2);
    }
  }

  @Test
  void aRunThatHasEndedLeavesItsPlaceAndNoneButItsOwn() throws Exception {
    try (Harness task = harness(limits(3, 1_000))) {
      task.open();
      assertThat(isTaken(task, "a")).isTrue();
      assertThat(isTaken(task, "b")).isTrue();
      assertThat(isTaken(task, "c")).as("the last place").isTrue();
      assertThat(isTaken(task, "d")).as("one too many").isFalse();
      end(task, "a");
      assertThat(isTaken(task, "d")).as("in the place of a").isTrue();
      assertThat(isTaken(task, "e")).isFalse();
      end(task, "a");
      assertThat(isTaken(task, "e")).as("it had left already").isFalse();
    }
  }

  @Test
  void aRunThatBeginsAgainAfterItsEndIsTakenWithoutAPlaceAndHasOneToLeave() throws Exception {
    try (Harness task = harness(limits(2, 1_000))) {
      task.open();
      steps(task, "a", 1);
      end(task, "a");
      steps(task, "b", 1);
      steps(task, "c", 1);
      beginAgain(task, "a");
      end(task, "b");
      assertThat(isTaken(task, "d")).as("two of three are left").isFalse();
      end(task, "a");
      assertThat(isTaken(task, "d")).as("one is left").isTrue();
      assertThat(isTaken(task, "e")).isFalse();
    }
  }

  @Test
  void whatComesLateOfARunThatHasEndedIsKnownForItsOwn() throws Exception {
    List<Samples.Sent> events = Samples.explodingRun("ended", 400);
    try (Harness task = harness(limits(1, 1_000))) {
      task.open();
      accept(task, events);
      steps(task, "next", 1);
      accept(task, events);
      assertThat(isTaken(task, "third")).as("the late ones took no place").isFalse();

      assertThat(outputs(task).of(ALARMS)).isEqualTo(Outputs.straight(events).of(ALARMS));
    }
  }

  @Test
  void aRunThatIsSilentKeepsItsPlace() throws Exception {
    try (Harness task = harness(limits(1, 1_000))) {
      task.setProcessingTime(START);
      task.open();
      steps(task, "silent", 1);
      for (int minute = 1; minute <= 11; minute++) {
        task.setProcessingTime(START + 60_000L * minute);
      }
      assertThat(outputs(task).alarms()).isNotEmpty();

      assertThat(isTaken(task, "new")).isFalse();
    }
  }

  @Test
  void runsThatEndedAreRememberedUpToABoundOfTheirOwn() throws Exception {
    int most = 2 * RunCensus.REMEMBERED_PER_PLACE;
    try (Harness task = harness(limits(2, 1_000))) {
      task.open();
      for (int run = 0; run < most - 1; run++) {
        assertThat(isTaken(task, "run-" + run)).isTrue();
        end(task, "run-" + run);
      }
      assertThat(isTaken(task, "last")).as("the last that is remembered").isTrue();
      end(task, "last");
      assertThat(isTaken(task, "more")).as("one too many").isFalse();
      task.processElement(event("run-0", 0, RunEvent.WHOLE_RUN, new RunEvent.Removed()), START);
      assertThat(isTaken(task, "more")).as("in the place of the one taken out").isTrue();
    }
  }

  /** Begins a run and says whether anything of it is kept. */
  private static boolean isTaken(Harness task, String run) throws Exception {
    long entries = task.stateEntries();
    steps(task, run, 1);
    return task.stateEntries() > entries;
  }

  private static void end(Harness task, String run) throws Exception {
    accept(task, List.of(Samples.event(run, 400, new RunEnded(RunOutcome.COMPLETED))));
  }

  private static void beginAgain(Harness task, String run) throws Exception {
    RunEvent step = Samples.decoded(Topics.DEFAULT_PROJECT, step(run, 1));
    task.processElement(event(run, 1, step.rank(), step.body()), 0);
  }

  private static RunEvent event(String run, int attempt, int rank, RunEvent.Body body) {
    return new RunEvent(Topics.DEFAULT_PROJECT, run, attempt, 1, START, rank, body);
  }

  @Test
  void otherProjectsHaveRoomsOfTheirOwn() throws Exception {
    try (Harness task = harness(limits(1, 1_000))) {
      task.open();
      Samples.Sent event = step("run", 0);
      task.processElement(Samples.decoded("a", event), 0);
      task.processElement(Samples.decoded("b", event), 0);

      assertThat(task.stateEntries()).isEqualTo(4);
    }
  }

  @Test
  void aFloodOfWarningsIsCutAndPagesAndResolutionsAreNot() throws Exception {
    List<Samples.Sent> events = new ArrayList<>();
    for (String run : List.of("a", "b", "c")) {
      events.addAll(Samples.explodingRun(run, 400));
    }
    List<DivergenceAlarm> all = Outputs.straight(events).alarms();
    assertThat(all).anyMatch(alarm -> !passesAlways(alarm));
    try (Harness task = harness(limits(10, 0))) {
      task.open();
      accept(task, events);

      assertThat(outputs(task).alarms())
          .containsExactlyElementsOf(all.stream().filter(LimitsTest::passesAlways).toList());
    }
  }

  private static boolean passesAlways(DivergenceAlarm alarm) {
    return alarm.getSeverity() == Severity.CRITICAL || alarm.getState() == AlarmState.RESOLVED;
  }

  @Test
  void warningsPassAgainAMinuteLater() {
    RunWatch watch = new RunWatch(PolicyBook.empty(), Topics.DEFAULT_PROJECT, "run");
    Alarm warning =
        Samples.explodingRun("run", 400).stream()
            .flatMap(
                event ->
                    List.copyOf(
                        watch.accept(Samples.decoded(Topics.DEFAULT_PROJECT, event)).alarms())
                        .stream())
            .filter(alarm -> alarm.severity() == io.gradwatch.core.alarm.Severity.WARNING)
            .findFirst()
            .orElseThrow();
    WarningRate rate = new WarningRate(2);

    assertThat(rate.admits(at(warning, 0))).isTrue();
    assertThat(rate.admits(at(warning, 1))).isTrue();
    assertThat(rate.admits(at(warning, 59_999))).isFalse();
    assertThat(rate.admits(at(warning, 60_000))).isTrue();
    assertThat(rate.admits(at(warning, 0))).as("late, so of the same minute").isTrue();
    assertThat(rate.admits(at(warning, 0))).isFalse();
  }

  private static Alarm at(Alarm alarm, long emittedAt) {
    return new Alarm(
        alarm.id(),
        alarm.revision(),
        alarm.project(),
        alarm.runId(),
        alarm.attempt(),
        alarm.kind(),
        alarm.severity(),
        alarm.state(),
        alarm.resolution(),
        alarm.onsetStep(),
        alarm.openedStep(),
        alarm.step(),
        emittedAt,
        alarm.joinedKinds(),
        alarm.evidence(),
        alarm.layers(),
        alarm.checkpoint(),
        alarm.actions(),
        alarm.summary());
  }

  private static MonitorLimits limits(int maxRuns, int maxWarnings) {
    return new MonitorLimits(
        DeadLetters.MIN_BYTES,
        EXPIRY,
        maxRuns,
        maxWarnings,
        Samples.HELD_RUNS,
        MonitorLimits.ANY_AGE);
  }

  private Harness harness(MonitorLimits limits) throws Exception {
    return new Harness(backend, Policies.noTopic(), limits, 1, 0);
  }

  private static void steps(Harness task, String run, int count) throws Exception {
    for (int step = 0; step < count; step++) {
      accept(task, List.of(step(run, step)));
    }
  }

  private static Samples.Sent step(String run, int step) {
    return Samples.event(
        run, step, StepCompleted.newBuilder().setLoss(2.0).setGradNorm(1.0).build());
  }

  private static void accept(Harness task, List<Samples.Sent> events) throws Exception {
    for (Samples.Sent event : events) {
      task.processElement(Samples.decoded(Topics.DEFAULT_PROJECT, event), 0);
    }
  }

  private static Outputs outputs(Harness task) {
    Outputs outputs = new Outputs();
    Queue<StreamRecord<ProducedRecord>> records = task.getSideOutput(MonitorFunction.ALARMS);
    if (records != null) {
      for (StreamRecord<ProducedRecord> record : records) {
        outputs.add(record.getValue().topic(), record.getValue().key(), record.getValue().value());
      }
    }
    return outputs;
  }
}
