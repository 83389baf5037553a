package io.gradwatch.core.silence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The listener's clock begins at {@link #START}, and the trainer's agrees unless said otherwise.
 */
class SilenceWatchTest {
  private static final long START = 1_700_000_000_000L;
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long EXPIRY = 48 * HOUR;

  private final Reporting run = new Reporting();
  private final Vigil vigil = new Vigil(START);

  @Test
  void aRunIsSilentAfterTheTimeoutAndNotAMillisecondBefore() {
    hear(7, START);

    assertThat(look(START + 10 * MINUTE - 1)).isNull();
    assertThat(look(START + 10 * MINUTE))
        .isNotNull()
        .satisfies(
            alarm -> {
              assertThat(alarm.kind()).isEqualTo(AlarmKind.SILENCE);
              assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
              assertThat(alarm.state()).isEqualTo(AlarmState.OPEN);
              assertThat(alarm.revision()).isZero();
              assertThat(alarm.step()).isEqualTo(7);
              assertThat(alarm.openedStep()).isEqualTo(7);
              assertThat(alarm.emittedAt()).isEqualTo(START);
              assertThat(alarm.summary())
                  .contains("2023-11-14T22:13:20Z", "step 7", "attempt 0", "600.0 s");
              assertThat(alarm.actions().get(0).action()).isEqualTo(ActionKind.CHECK_HOST);
            });
    assertThat(look(START + 20 * MINUTE)).as("one alarm a silence").isNull();
  }

  @Test
  void slowStepsMakeTheTimeoutTwentyOfTheirIntervals() {
    for (int step = 0; step < 5; step++) {
      hear(step, START + step * 7L * MINUTE);
    }

    assertThat(watch().timeoutMillis(run)).isEqualTo(140 * MINUTE);
    long last = START + 4 * 7 * MINUTE;
    assertThat(look(last + 140 * MINUTE - 1)).isNull();
    assertThat(look(last + 140 * MINUTE)).isNotNull();
  }

  @Test
  void theIntervalIsThatOfStepsHoweverManyRanksReportThem() {
    for (int step = 0; step < 5; step++) {
      for (int rank = 0; rank < 8; rank++) {
        long at = START + step * 7L * MINUTE + rank;
        SilenceWatch.hear(run, event(0, step, at, rank, new Observation()), at);
      }
    }

    assertThat(run.intervalMillis).isEqualTo(7.0 * MINUTE);
  }

  @Test
  void theIntervalIsTheMeanOfTheFirstOnesAndForgetsThemLater() {
    hear(0, START);
    hear(1, START + 10 * SECOND);
    hear(2, START + 40 * SECOND);
    assertThat(run.intervalMillis).isEqualTo(20.0 * SECOND);

    long at = START + 40 * SECOND;
    for (int step = 3; step < 1003; step++) {
      at += SECOND;
      hear(step, at);
    }
    assertThat(run.intervalMillis).isCloseTo(1000, within(1e-6));
  }

  @Test
  void aPauseThatTheRunCameBackFromDoesNotAlarmASecondTimeUntilItIsForgotten() {
    hear(0, START);
    hear(1, START + SECOND);
    long back = START + SECOND + 15 * MINUTE;
    assertThat(look(back - 1)).isNotNull();
    hear(2, back);
    assertThat(watch(interval(0)).timeoutMillis(run)).isBetween(29 * MINUTE, 30 * MINUTE);

    long at = back;
    for (int step = 3; step < 1200; step++) {
      at += SECOND;
      hear(step, at);
    }
    assertThat(watch().timeoutMillis(run))
        .as("twice 15 min * 0.999^1198 is 9 min")
        .isEqualTo(10 * MINUTE);
  }

  @Test
  void pausesCountAsAnHourAndIntervalsMakeADayAtMost() {
    hear(0, START);
    heartbeat(START + 5 * HOUR);
    assertThat(watch().timeoutMillis(run)).isEqualTo(2 * HOUR);

    hear(1, START + 10 * HOUR);
    assertThat(watch().timeoutMillis(run)).isEqualTo(24 * HOUR);
  }

  @Test
  void clocksThatGoBackTeachNothing() {
    hear(0, START);
    hear(1, START - HOUR);

    assertThat(run.intervalMillis).isZero();
    assertThat(watch().timeoutMillis(run)).isEqualTo(10 * MINUTE);
  }

  @Test
  void heartbeatsAndEventsOfAnyRankKeepARunAlive() {
    hear(5, START);
    heartbeat(START + 9 * MINUTE);
    assertThat(look(START + 18 * MINUTE)).isNull();
    SilenceWatch.hear(
        run,
        event(0, 5, START + 18 * MINUTE, 3, new RunEvent.EvaluationCompleted(1.0, Map.of())),
        START + 18 * MINUTE);
    assertThat(look(START + 27 * MINUTE)).isNull();
  }

  @Test
  void anAttemptThatWasLeftOverIsNoSignOfLife() {
    SilenceWatch.hear(run, event(2, 5, START, RunEvent.WHOLE_RUN, new Observation()), START);
    SilenceWatch.hear(
        run,
        event(1, 9, START + 9 * MINUTE, RunEvent.WHOLE_RUN, new Observation()),
        START + 9 * MINUTE);

    assertThat(look(START + 10 * MINUTE)).isNotNull();
  }

  @Test
  void nothingIsRaisedOfARunThatEndedHoweverLateItsRanksAre() {
    hear(5, START);
    end(START + 1);
    SilenceWatch.hear(run, event(0, 5, START + 2, 3, new RunEvent.Heartbeat()), START + 2);

    assertThat(look(START + 24 * HOUR)).isNull();
  }

  @Test
  void theEndOfOneRankIsNotThatOfTheRun() {
    hear(5, START);
    SilenceWatch.hear(
        run, event(0, 5, START, 3, new RunEvent.Ended(RunEvent.Outcome.COMPLETED)), START);

    assertThat(look(START + 10 * MINUTE)).isNotNull();
  }

  @Test
  void aRunThatStartsAgainAfterItsEndIsExpectedToReport() {
    end(START);
    SilenceWatch.hear(run, event(0, 0, START + 1, RunEvent.WHOLE_RUN, started()), START + 1);
    assertThat(look(START + HOUR)).isNotNull();

    end(START + 2 * HOUR);
    SilenceWatch.hear(
        run,
        event(1, 0, START + 2 * HOUR, RunEvent.WHOLE_RUN, new Observation()),
        START + 2 * HOUR);
    assertThat(look(START + 5 * HOUR)).isNotNull();
  }

  @Test
  void theAlarmResolvesWhenTheRunReportsAgain() {
    hear(7, START);
    Alarm opened = look(START + 10 * MINUTE);

    Alarm resolved = hear(8, START + 11 * MINUTE);
    assertThat(opened).isNotNull();
    assertThat(resolved).isNotNull();
    assertThat(resolved.id()).isEqualTo(opened.id());
    assertThat(resolved.revision()).isEqualTo(1);
    assertThat(resolved.state()).isEqualTo(AlarmState.RESOLVED);
    assertThat(resolved.resolution()).isEqualTo(Resolution.RECOVERED);
    assertThat(resolved.openedStep()).isEqualTo(7);
    assertThat(resolved.step()).isEqualTo(8);
    assertThat(hear(9, START + 12 * MINUTE)).isNull();
  }

  @Test
  void theAlarmResolvesWhenTheRunEndsOrIsGivenUp() {
    hear(7, START);
    look(START + 10 * MINUTE);
    assertThat(end(START + 11 * MINUTE))
        .extracting(Alarm::resolution)
        .isEqualTo(Resolution.RUN_ENDED);
    assertThat(SilenceWatch.giveUp(run, "project", "run")).isNull();

    SilenceWatch.hear(run, event(1, 0, START, -1, new Observation()), START + HOUR);
    look(START + 2 * HOUR);
    assertThat(SilenceWatch.giveUp(run, "project", "run"))
        .extracting(Alarm::resolution)
        .isEqualTo(Resolution.RUN_ENDED);
  }

  @Test
  void aRunThatFallsSilentAgainWhereItStoodGoesOnWithTheSameAlarm() {
    hear(7, START);
    Alarm first = look(START + 10 * MINUTE);
    heartbeat(START + 11 * MINUTE);
    Alarm again = look(START + 2 * HOUR);
    assertThat(first).isNotNull();
    assertThat(again).isNotNull();
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.revision()).isEqualTo(2);

    hear(8, START + 3 * HOUR);
    Alarm other = look(START + 30 * HOUR);
    assertThat(other).isNotNull();
    assertThat(other.id()).isNotEqualTo(first.id());
    assertThat(other.revision()).isZero();
  }

  @Test
  void whenItIsRaisedChangesNothingInIt() {
    hear(7, START);
    Reporting restored = copy(run);

    Alarm now = look(START + 10 * MINUTE);
    Alarm later = watch().look(restored, "project", "run", false, vigil, START + 5 * HOUR);
    assertThat(later).isEqualTo(now);
  }

  @Test
  void silenceCountsFromTheTimeTheListenerListens() {
    hear(7, START);
    Vigil restarted = new Vigil(START + 3 * HOUR);

    assertThat(look(restarted, START + 3 * HOUR + 10 * MINUTE - 1)).isNull();
    assertThat(look(restarted, START + 3 * HOUR + 10 * MINUTE)).isNotNull();
  }

  @Test
  void aLookThatComesLateMeansThatTheListenerStoodStill() {
    vigil.look(START, START + Vigil.LATE_MILLIS);
    assertThat(vigil.since(0, HOUR)).isEqualTo(START);
    vigil.look(START, START + Vigil.LATE_MILLIS + 1);
    assertThat(vigil.since(0, HOUR)).isEqualTo(START + Vigil.LATE_MILLIS + 1);
  }

  @Test
  void recordsThatPassFasterThanTheClockHadPiledUp() {
    read(START - 5 * HOUR, START);
    read(START - 4 * HOUR, START + Vigil.SPEED_OVER_MILLIS - 1);
    assertThat(vigil.since(0, HOUR)).as("too short to say").isEqualTo(START);
    read(START - 4 * HOUR, START + Vigil.SPEED_OVER_MILLIS);
    assertThat(vigil.since(0, HOUR)).isEqualTo(START + Vigil.SPEED_OVER_MILLIS);
  }

  @Test
  void aClockThatIsWrongAndBatchesOfAMinuteAreNoSignOfThat() {
    for (int i = 0; i < 100; i++) {
      read(i * MINUTE, START + i * MINUTE);
      read(i * MINUTE + 59 * SECOND, START + i * MINUTE + 10 * SECOND);
    }
    assertThat(vigil.since(0, HOUR)).isEqualTo(START);
  }

  @Test
  void aRunWhoseClockJumpsKeepsNobodyElsesSilenceBackForLong() {
    hear(7, START);
    Reporting jumping = new Reporting();
    long told = 0;
    for (long now = START; told == 0 && now < START + 24 * HOUR; now += 20 * SECOND) {
      long timestamp = now + (now / SECOND % 40 == 0 ? 100 * SECOND : 0);
      vigil.read(
          jumping, event(0, 1, timestamp, RunEvent.WHOLE_RUN, new Observation()), timestamp, now);
      told = look(now) == null ? 0 : now;
    }
    assertThat(told - START).isBetween(10 * MINUTE, 41 * MINUTE);
  }

  @Test
  void theClockOfAnotherRankTeachesNothing() {
    for (int step = 0; step < 100; step++) {
      long at = START + step * SECOND;
      SilenceWatch.hear(run, event(0, step, at, 0, new Observation()), at);
      SilenceWatch.hear(run, event(0, step, at + HOUR, 1, new Observation()), at);
    }
    assertThat(watch().timeoutMillis(run)).isEqualTo(10 * MINUTE);
    assertThat(run.emittedAt()).isEqualTo(START + 99 * SECOND);
  }

  @Test
  void theClocksOfOtherRanksAreNotCompared() {
    for (int i = 0; i < 10; i++) {
      long now = START + i * 20L * SECOND;
      vigil.read(run, event(0, i, now, 0, new Observation()), now, now);
      vigil.read(run, event(0, i, now, 1, new Observation()), now + 5 * HOUR, now + SECOND);
    }
    assertThat(vigil.since(0, HOUR)).isEqualTo(START);
  }

  @Test
  void aRunIsLookedAtFourTimesWithinItsTimeoutThenOnceInEachAndWhenItExpires() {
    hear(7, START);
    assertThat(watch().nextLook(run, vigil, START)).isEqualTo(START + 150 * SECOND);
    assertThat(watch().nextLook(run, vigil, START + 9 * MINUTE)).isEqualTo(START + 10 * MINUTE);

    look(START + 10 * MINUTE);
    assertThat(watch().nextLook(run, vigil, START + 10 * MINUTE)).isEqualTo(START + 20 * MINUTE);
    assertThat(watch().nextLook(run, vigil, START + EXPIRY - MINUTE)).isEqualTo(START + EXPIRY);
    end(START + 11 * MINUTE);
    assertThat(watch().nextLook(run, vigil, START + 11 * MINUTE))
        .isEqualTo(START + 11 * MINUTE + EXPIRY);
  }

  @Test
  void aRunExpiresAfterItsIdleTimeButNotRightBehindABreak() {
    hear(7, START);
    assertThat(watch().isExpired(run, vigil, START + EXPIRY - 1)).isFalse();
    assertThat(watch().isExpired(run, vigil, START + EXPIRY)).isTrue();

    Vigil restarted = new Vigil(START + EXPIRY);
    assertThat(watch().isExpired(run, restarted, START + EXPIRY + 10 * MINUTE - 1)).isFalse();
    assertThat(watch().isExpired(run, restarted, START + EXPIRY + 10 * MINUTE)).isTrue();
  }

  @Test
  void thePolicySaysWhetherWhenAndHowGravely() {
    hear(7, START);
    Settings off = Settings.NONE.with(AlarmKind.SILENCE, false);
    Settings early = Settings.NONE.with(AlarmKind.SILENCE, "timeout_seconds", 60);
    Settings page = early.with(AlarmKind.SILENCE, Severity.CRITICAL);

    assertThat(watch(off).look(run, "project", "run", false, vigil, START + EXPIRY)).isNull();
    assertThat(watch(off).nextLook(run, vigil, START)).isEqualTo(START + 10 * MINUTE);
    assertThat(watch(page).look(copy(run), "project", "run", true, vigil, START + MINUTE))
        .as("one page a run")
        .extracting(Alarm::severity)
        .isEqualTo(Severity.WARNING);
    assertThat(watch(page).look(run, "project", "run", false, vigil, START + MINUTE))
        .extracting(Alarm::severity)
        .isEqualTo(Severity.CRITICAL);
  }

  @Test
  void aPolicyThatSwitchesItOffEndsASilenceAndOneThatSwitchesItOnTellsItOnceMore() {
    Settings off = Settings.NONE.with(AlarmKind.SILENCE, false);
    hear(7, START);
    Alarm opened = look(START + 10 * MINUTE);

    assertThat(watch().nextLook(run, vigil, START + 10 * MINUTE)).isEqualTo(START + 20 * MINUTE);
    Alarm over = watch(off).look(run, "project", "run", false, vigil, START + 20 * MINUTE);
    assertThat(over)
        .isNotNull()
        .satisfies(
            alarm -> {
              assertThat(alarm.id()).isEqualTo(opened.id());
              assertThat(alarm.revision()).isEqualTo(1);
              assertThat(alarm.state()).isEqualTo(AlarmState.RESOLVED);
              assertThat(alarm.resolution()).isEqualTo(Resolution.RECOVERED);
              assertThat(alarm.summary())
                  .isEqualTo("SILENCE is over at step 7: a policy switched it off.");
            });
    assertThat(watch(off).look(run, "project", "run", false, vigil, START + 21 * MINUTE)).isNull();
    assertThat(watch(off).nextLook(run, vigil, START + 20 * MINUTE))
        .as("for a policy that switches it on")
        .isEqualTo(START + 30 * MINUTE);
    assertThat(look(START + 30 * MINUTE))
        .extracting(Alarm::id, Alarm::revision, Alarm::state)
        .containsExactly(opened.id(), 2, AlarmState.OPEN);
  }

  @Test
  void whatIsRememberedSurvivesItsBinaryForm() {
    hear(7, START);
    hear(9, START + MINUTE);
    look(START + HOUR);
    run.lookAt(START + 2 * HOUR);

    Reporting restored = copy(run);
    assertThat(bytes(restored)).isEqualTo(bytes(run));
    assertThat(restored.alarmIsOpen()).isTrue();
    assertThat(restored.nextLookAt()).isEqualTo(START + 2 * HOUR);
    assertThat(restored.step()).isEqualTo(9);
    assertThat(watch().timeoutMillis(restored)).isEqualTo(watch().timeoutMillis(run));
  }

  @Test
  void aFormOfAnotherVersionIsRefused() {
    byte[] bytes = bytes(run);
    bytes[3]++;
    assertThatThrownBy(() -> Reporting.read(new DataInputStream(new ByteArrayInputStream(bytes))))
        .hasMessage("a run's reporting has version 2, this build reads 1");
  }

  @Test
  void anExpiryOfNoTimeIsRefused() {
    assertThatThrownBy(() -> new SilenceWatch(Policy.defaults().silence(), 0))
        .hasMessage("expiryMillis is 0, must be above 0");
  }

  private void read(long timestamp, long now) {
    vigil.read(run, event(0, 1, timestamp, RunEvent.WHOLE_RUN, new Observation()), timestamp, now);
  }

  private @Nullable Alarm hear(long step, long now) {
    return SilenceWatch.hear(run, event(0, step, now, RunEvent.WHOLE_RUN, new Observation()), now);
  }

  private void heartbeat(long now) {
    SilenceWatch.hear(
        run, event(0, run.step, now, RunEvent.WHOLE_RUN, new RunEvent.Heartbeat()), now);
  }

  private @Nullable Alarm end(long now) {
    return SilenceWatch.hear(
        run,
        event(
            run.attempt,
            run.step,
            now,
            RunEvent.WHOLE_RUN,
            new RunEvent.Ended(RunEvent.Outcome.COMPLETED)),
        now);
  }

  private @Nullable Alarm look(long now) {
    return look(vigil, now);
  }

  private @Nullable Alarm look(Vigil listening, long now) {
    return watch().look(run, "project", "run", false, listening, now);
  }

  private static SilenceWatch watch() {
    return watch(Settings.NONE);
  }

  private static SilenceWatch watch(Settings settings) {
    return new SilenceWatch(Policy.of(settings).silence(), EXPIRY);
  }

  private static Settings interval(double intervals) {
    return Settings.NONE.with(AlarmKind.SILENCE, "intervals", intervals);
  }

  private static RunEvent event(
      int attempt, long step, long emittedAt, int rank, RunEvent.Body body) {
    return new RunEvent("project", "run", attempt, step, emittedAt, rank, body);
  }

  private static RunEvent.Started started() {
    return new RunEvent.Started(
        "",
        "",
        List.of(),
        1,
        Double.NaN,
        RunEvent.ClipMode.UNKNOWN,
        Double.NaN,
        RunEvent.NormStage.PRE_CLIP,
        false,
        Map.of());
  }

  private static byte[] bytes(Reporting state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    state.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static Reporting copy(Reporting state) {
    return Reporting.read(new DataInputStream(new ByteArrayInputStream(bytes(state))));
  }
}
