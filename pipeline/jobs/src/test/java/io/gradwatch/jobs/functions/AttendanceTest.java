package io.gradwatch.jobs.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gradwatch.core.fleet.FleetSignal.What;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.Backend;
import io.gradwatch.jobs.Outputs;
import io.gradwatch.jobs.Policies;
import io.gradwatch.jobs.Samples;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Resolution;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that fall silent, end, come back or are forgotten, by a clock that the tests set. */
@ParameterizedClass
@EnumSource(Backend.class)
class AttendanceTest {
  @Parameter private Backend backend;

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long EXPIRY = Samples.LIMITS.runExpiry().toMillis();
  private static final long START = 1_700_000_000_000L;

  @Test
  void tellsThatARunFallsSilentAndThatItIsBack() throws Exception {
    try (Harness task = opened(START)) {
      steps(task, "run", 0, 30);
      wait(task, 10 * MINUTE - SECOND);
      assertThat(alarms(task)).isEmpty();
      wait(task, 2 * SECOND);
      steps(task, "run", 30, 31);

      assertThat(alarms(task))
          .extracting(DivergenceAlarm::getKind, DivergenceAlarm::getState, DivergenceAlarm::getStep)
          .containsExactly(
              tuple(AlarmKind.SILENCE, AlarmState.OPEN, 29L),
              tuple(AlarmKind.SILENCE, AlarmState.RESOLVED, 30L));
    }
  }

  @Test
  void tellsTheFleetThatARunIsAwayAndThatItIsBack() throws Exception {
    try (Harness task = opened(START)) {
      accept(task, Samples.explodingRun("run", 1).get(0));
      wait(task, 11 * MINUTE);
      steps(task, "run", 0, 1);

      assertThat(task.getSideOutput(MonitorFunction.FLEET))
          .extracting(signal -> signal.getValue().what())
          .containsExactly(What.JOINED, What.AWAY, What.JOINED);
    }
  }

  @Test
  void aPolicyThatSwitchesSilenceOffEndsTheAlarmWithinATimeout() throws Exception {
    try (Harness task = opened(START)) {
      accept(task, Samples.explodingRun("run", 1).get(0));
      wait(task, 11 * MINUTE);
      task.processBroadcastElement(Policies.consumed(0, silence(false)), task.getProcessingTime());
      wait(task, 10 * MINUTE);

      assertThat(alarms(task))
          .extracting(DivergenceAlarm::getKind, DivergenceAlarm::getState)
          .containsExactly(
              tuple(AlarmKind.SILENCE, AlarmState.OPEN),
              tuple(AlarmKind.SILENCE, AlarmState.RESOLVED));
      assertThat(task.getSideOutput(MonitorFunction.FLEET))
          .extracting(signal -> signal.getValue().what())
          .as("as if it had never been told")
          .containsExactly(What.JOINED, What.AWAY, What.JOINED);
      wait(task, 2 * HOUR);
      assertThat(alarms(task)).hasSize(2);
    }
  }

  @Test
  void aPolicyThatSwitchesSilenceOnTellsOfARunThatWasSilentBefore() throws Exception {
    try (Harness task = opened(START)) {
      task.processBroadcastElement(Policies.consumed(0, silence(false)), START);
      steps(task, "run", 0, 30);
      wait(task, HOUR);
      assertThat(alarms(task)).isEmpty();
      task.processBroadcastElement(Policies.consumed(1, silence(true)), task.getProcessingTime());
      wait(task, 10 * MINUTE);

      assertThat(alarms(task))
          .extracting(DivergenceAlarm::getKind, DivergenceAlarm::getState)
          .containsExactly(tuple(AlarmKind.SILENCE, AlarmState.OPEN));
    }
  }

  @Test
  void saysNothingOfARunThatHasEnded() throws Exception {
    try (Harness task = opened(START)) {
      steps(task, "run", 0, 30);
      accept(task, Samples.event("run", 30, new RunEnded(RunOutcome.COMPLETED)));
      wait(task, HOUR);

      assertThat(alarms(task)).isEmpty();
    }
  }

  @Test
  void aTaskThatWasDownForADayBlamesNoRunForIt() throws Exception {
    OperatorSubtaskState state;
    try (Harness before = opened(START)) {
      steps(before, "alive", 0, 30);
      steps(before, "gone", 0, 30);
      state = before.snapshot(1, 1);
    }
    try (Harness after = harness(START + 24 * HOUR)) {
      after.initializeState(state);
      after.open();
      wait(after, 9 * MINUTE);
      assertThat(alarms(after)).isEmpty();
      steps(after, "alive", 30, 31);
      wait(after, 2 * MINUTE);

      assertThat(alarms(after))
          .extracting(DivergenceAlarm::getRunId, DivergenceAlarm::getKind)
          .containsExactly(tuple("gone", AlarmKind.SILENCE));
    }
  }

  @Test
  void aSilenceThatWasToldBeforeARestartEndsAfterIt() throws Exception {
    OperatorSubtaskState state;
    DivergenceAlarm opened;
    try (Harness before = opened(START)) {
      steps(before, "run", 0, 30);
      wait(before, 11 * MINUTE);
      opened = alarms(before).get(0);
      state = before.snapshot(1, 1);
    }
    try (Harness after = harness(START + HOUR)) {
      after.initializeState(state);
      after.open();
      steps(after, "run", 30, 31);

      assertThat(alarms(after))
          .singleElement()
          .satisfies(
              alarm -> {
                assertThat(alarm.getAlarmId()).isEqualTo(opened.getAlarmId());
                assertThat(alarm.getRevision()).isEqualTo(opened.getRevision() + 1);
                assertThat(alarm.getState()).isEqualTo(AlarmState.RESOLVED);
              });
    }
  }

  @Test
  void aRunThatIsIdleForLongIsForgottenWithAllThatWasOpenOfIt() throws Exception {
    try (Harness task = opened(START)) {
      for (Samples.Sent event : Samples.explodingRun("run", 400).subList(0, 380)) {
        accept(task, event);
      }
      DivergenceAlarm page = alarms(task).get(alarms(task).size() - 1);
      assertThat(page.getState()).isNotEqualTo(AlarmState.RESOLVED);
      assertThat(task.stateEntries()).isPositive();
      wait(task, EXPIRY + HOUR);

      assertThat(task.stateEntries()).isZero();
      assertThat(task.numProcessingTimeTimers()).isZero();
      assertThat(alarms(task))
          .filteredOn(alarm -> alarm.getState() == AlarmState.RESOLVED)
          .extracting(DivergenceAlarm::getKind, DivergenceAlarm::getResolution)
          .contains(
              tuple(page.getKind(), Resolution.RUN_ENDED),
              tuple(AlarmKind.SILENCE, Resolution.RUN_ENDED));
      assertThat(task.getSideOutput(MonitorFunction.FLEET))
          .extracting(signal -> signal.getValue().what())
          .as("what the fleet is told")
          .containsExactly(What.JOINED, What.PAGED, What.AWAY, What.LEFT);
      List<ProducedRecord> advice = records(task, MonitorFunction.RECOMMENDATIONS);
      assertThat(advice.get(advice.size() - 1))
          .satisfies(
              last -> {
                assertThat(last.topic()).isEqualTo(Topics.recommendations(Topics.DEFAULT_PROJECT));
                assertThat(last.key()).isEqualTo("run".getBytes(UTF_8));
                assertThat(last.value()).as("removes it from the compacted topic").isNull();
              });
    }
  }

  @Test
  void aRunThatHasEndedIsForgottenWithoutAnotherWord() throws Exception {
    try (Harness task = opened(START)) {
      steps(task, "run", 0, 30);
      accept(task, Samples.event("run", 30, new RunEnded(RunOutcome.COMPLETED)));
      wait(task, EXPIRY - HOUR);
      assertThat(task.stateEntries()).isPositive();
      wait(task, 2 * HOUR);

      assertThat(task.stateEntries()).isZero();
      assertThat(alarms(task)).isEmpty();
    }
  }

  @Test
  void aRunThatIsTakenOutIsForgottenAtOnceAndBeginsAnew() throws Exception {
    List<Samples.Sent> events = Samples.explodingRun("run", 400);
    try (Harness task = opened(START)) {
      steps(task, "other", 0, 30);
      long others = task.stateEntries();
      for (Samples.Sent event : events.subList(0, 380)) {
        accept(task, event);
      }
      int before = alarms(task).size();
      task.processElement(removal("run"), task.getProcessingTime());
      assertThat(task.stateEntries()).isEqualTo(others);
      List<DivergenceAlarm> closing = alarms(task).subList(before, alarms(task).size());
      assertThat(closing)
          .isNotEmpty()
          .allMatch(alarm -> alarm.getState() == AlarmState.RESOLVED)
          .allMatch(alarm -> alarm.getResolution() == Resolution.RUN_ENDED);
      List<ProducedRecord> advice = records(task, MonitorFunction.RECOMMENDATIONS);
      assertThat(advice.get(advice.size() - 1).value()).isNull();
      int told = alarms(task).size();
      for (Samples.Sent event : events) {
        accept(task, event);
      }

      assertThat(alarms(task).subList(told, alarms(task).size()))
          .as("as of a run that was never seen")
          .isEqualTo(Outputs.straight(events).alarms());
    }
  }

  @Test
  void takingOutARunThatIsNotKnownWithdrawsItsAdviceAndNothingElse() throws Exception {
    try (Harness task = opened(START)) {
      task.processElement(removal("long-gone"), START);

      assertThat(task.stateEntries()).isZero();
      assertThat(alarms(task)).isEmpty();
      assertThat(records(task, MonitorFunction.RECOMMENDATIONS))
          .singleElement()
          .extracting(ProducedRecord::value)
          .isNull();
    }
  }

  private static RunEvent removal(String run) {
    return new RunEvent(
        Topics.DEFAULT_PROJECT, run, 0, 0, START, RunEvent.WHOLE_RUN, new RunEvent.Removed());
  }

  @Test
  void eachRunHasOneTimerHoweverManyEventsItSends() throws Exception {
    try (Harness task = opened(START)) {
      for (int minute = 0; minute < 100; minute++) {
        steps(task, "a", minute, minute + 1);
        steps(task, "b", minute, minute + 1);
        wait(task, MINUTE);
        assertThat(task.numProcessingTimeTimers()).isEqualTo(2);
      }
      assertThat(alarms(task)).isEmpty();
    }
  }

  @Test
  void keysOfRunsWithSlashesInTheirNamesLeadBackToTheRun() throws Exception {
    try (Harness task = opened(START)) {
      steps(task, "team/model/7", 0, 30);
      wait(task, 11 * MINUTE);

      assertThat(alarms(task))
          .extracting(DivergenceAlarm::getProject, DivergenceAlarm::getRunId)
          .containsExactly(tuple(Topics.DEFAULT_PROJECT, "team/model/7"));
    }
  }

  /** A policy of the project that switches it. */
  private static PolicyDocument silence(boolean isOn) {
    return Policies.ofProject(
        0, Settings.NONE.with(io.gradwatch.core.alarm.AlarmKind.SILENCE, isOn));
  }

  private Harness opened(long now) throws Exception {
    Harness task = harness(now);
    task.open();
    return task;
  }

  private Harness harness(long now) throws Exception {
    Harness task = new Harness(backend, Policies.noTopic(), 1, 0);
    task.setProcessingTime(now);
    return task;
  }

  /** Lets time pass, with the timers that come due in it, as a clock does: bit by bit. */
  private static void wait(Harness task, long millis) throws Exception {
    long end = task.getProcessingTime() + millis;
    long bit = Math.max(SECOND, Math.min(MINUTE / 4, millis));
    while (task.getProcessingTime() < end) {
      task.setProcessingTime(Math.min(end, task.getProcessingTime() + bit));
    }
  }

  private static void steps(Harness task, String run, int from, int to) throws Exception {
    for (int step = from; step < to; step++) {
      double wave = 0.1 * Math.sin(step);
      accept(
          task,
          Samples.event(
              run,
              step,
              StepCompleted.newBuilder().setLoss(2 + wave).setGradNorm(1 - wave).build()));
    }
  }

  private static void accept(Harness task, Samples.Sent event) throws Exception {
    task.processElement(Samples.decoded(Topics.DEFAULT_PROJECT, event), task.getProcessingTime());
  }

  private static List<DivergenceAlarm> alarms(Harness task) throws RecordFormatException {
    RecordCodec<DivergenceAlarm> codec = RecordCodec.of(DivergenceAlarm.class);
    List<DivergenceAlarm> alarms = new ArrayList<>();
    for (ProducedRecord record : records(task, MonitorFunction.ALARMS)) {
      alarms.add(codec.decode(Objects.requireNonNull(record.value())));
    }
    return alarms;
  }

  private static List<ProducedRecord> records(Harness task, OutputTag<ProducedRecord> tag) {
    Queue<StreamRecord<ProducedRecord>> records = task.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }
}
