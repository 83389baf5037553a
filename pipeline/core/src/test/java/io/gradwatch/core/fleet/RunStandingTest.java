package io.gradwatch.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.fleet.FleetSignal.What;
import io.gradwatch.core.policy.FleetIncidentPolicy;
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
import org.junit.jupiter.api.Test;

class RunStandingTest {
  private static final FleetIncidentPolicy ON = Fleet.DEFAULTS;
  private static final FleetIncidentPolicy OFF =
      Policy.of(Settings.NONE.with(AlarmKind.FLEET_INCIDENT, false)).fleetIncident();

  private RunStanding run = new RunStanding();

  @Test
  void aRunIsAnnouncedOnceUntilItsTagsChange() {
    assertThat(whats(started(0, Map.of("host", "a", "owner", "me")), ON))
        .containsExactly(What.JOINED);
    assertThat(whats(started(0, Map.of("host", "a", "owner", "you")), ON)).isEmpty();
    List<FleetSignal> moved = run.take(started(0, Map.of("host", "b")), ON);
    assertThat(moved).extracting(FleetSignal::what).containsExactly(What.JOINED);
    assertThat(moved.get(0).groups()).containsExactly(new Group("host", "b"), Group.FLEET);
  }

  @Test
  void aRunThatMovesToAnotherClusterLeavesTheOneItWasIn() {
    run.take(started(0, Map.of()), ON);
    run.take(alarm("x", 0, Severity.CRITICAL, AlarmState.OPEN), ON);
    List<FleetSignal> moved = run.take(started(1, Map.of("cluster", "c")), ON);
    assertThat(moved).extracting(FleetSignal::what).containsExactly(What.LEFT, What.JOINED);
    assertThat(moved)
        .extracting(FleetSignal::groups)
        .containsExactly(List.of(Group.FLEET), List.of(new Group("cluster", "c")));
    assertThat(whats(alarm("x", 1, Severity.CRITICAL, AlarmState.UPDATED)))
        .as("its page is told to the other")
        .containsExactly(What.PAGED);
  }

  @Test
  void aRunThatMovesWithinAClusterKeepsItsPage() {
    run.take(started(0, Map.of("host", "a")), ON);
    run.take(alarm("x", 0, Severity.CRITICAL, AlarmState.OPEN), ON);
    assertThat(whats(started(1, Map.of("host", "b")), ON)).containsExactly(What.JOINED);
    assertThat(whats(alarm("x", 1, Severity.CRITICAL, AlarmState.RESOLVED)))
        .containsExactly(What.RECOVERED);
  }

  @Test
  void itLeavesOnceWhenItEndsAndOldAttemptsChangeNothing() {
    assertThat(whats(ended(0), ON)).isEmpty();
    run.take(started(1, Map.of()), ON);
    assertThat(whats(ended(0), ON)).isEmpty();
    assertThat(whats(ended(1), ON)).containsExactly(What.LEFT);
    assertThat(whats(ended(1), ON)).isEmpty();
    assertThat(whats(started(2, Map.of()), ON)).containsExactly(What.JOINED);
  }

  @Test
  void aPageIsToldWhenItBecomesOneAndWhenItResolves() {
    assertThat(whats(alarm("x", 0, Severity.CRITICAL, AlarmState.OPEN)))
        .containsExactly(What.PAGED);
    assertThat(whats(alarm("x", 1, Severity.CRITICAL, AlarmState.UPDATED))).isEmpty();
    assertThat(whats(alarm("x", 2, Severity.CRITICAL, AlarmState.RESOLVED)))
        .containsExactly(What.RECOVERED);
    assertThat(whats(alarm("x", 2, Severity.CRITICAL, AlarmState.RESOLVED))).isEmpty();
    assertThat(whats(alarm("y", 1, Severity.CRITICAL, AlarmState.UPDATED)))
        .as("a warning that became a page")
        .containsExactly(What.PAGED);
  }

  @Test
  void aRunIsAwayWhileItIsSilentUnlessItsSilenceIsThePage() {
    assertThat(whats(silence(Severity.WARNING, AlarmState.OPEN, Resolution.NONE)))
        .as("never announced")
        .isEmpty();
    run.take(started(0, Map.of("host", "a")), ON);
    assertThat(whats(silence(Severity.WARNING, AlarmState.OPEN, Resolution.NONE)))
        .containsExactly(What.AWAY);
    assertThat(whats(silence(Severity.WARNING, AlarmState.RESOLVED, Resolution.RECOVERED)))
        .containsExactly(What.JOINED);
    assertThat(whats(silence(Severity.CRITICAL, AlarmState.OPEN, Resolution.NONE)))
        .containsExactly(What.PAGED);
    assertThat(whats(silence(Severity.CRITICAL, AlarmState.RESOLVED, Resolution.RECOVERED)))
        .containsExactly(What.RECOVERED);
  }

  @Test
  void aSilentRunThatEndsOnlyLeaves() {
    run.take(started(0, Map.of()), ON);
    run.take(silence(Severity.WARNING, AlarmState.OPEN, Resolution.NONE), ON);
    assertThat(whats(silence(Severity.WARNING, AlarmState.RESOLVED, Resolution.RUN_ENDED)))
        .isEmpty();
    assertThat(whats(ended(0), ON)).containsExactly(What.LEFT);
  }

  @Test
  void whatDoesNotPageAndStepsAreNoConcernOfTheFleet() {
    assertThat(RunStanding.concerns(alarm("x", 0, Severity.WARNING, AlarmState.OPEN))).isFalse();
    assertThat(RunStanding.concerns(alarm("x", 0, Severity.CRITICAL, AlarmState.OPEN))).isTrue();
    assertThat(RunStanding.concerns(event(0, RunEvent.WHOLE_RUN, new Observation()))).isFalse();
    assertThat(RunStanding.concerns(started(0, Map.of()))).isTrue();
    assertThat(RunStanding.concerns(event(0, 0, started(0, Map.of()).body()))).isTrue();
    assertThat(RunStanding.concerns(event(0, 1, started(0, Map.of()).body())))
        .as("another rank")
        .isFalse();
  }

  @Test
  void switchedOffItLeavesAndTellsNothing() {
    run.take(started(0, Map.of()), ON);
    assertThat(run.take(alarm("x", 0, Severity.CRITICAL, AlarmState.OPEN), OFF)).isNull();
    assertThat(whats(started(0, Map.of()), OFF)).containsExactly(What.LEFT);
    assertThat(whats(started(0, Map.of()), OFF)).isEmpty();
  }

  @Test
  void goesOnFromWhatWasWritten() {
    run.take(started(0, Map.of("host", "a", "cluster", "c")), ON);
    run.take(alarm("x", 0, Severity.CRITICAL, AlarmState.OPEN), ON);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    run.write(new DataOutputStream(bytes));
    run = RunStanding.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(whats(started(0, Map.of("host", "a", "cluster", "c")), ON)).isEmpty();
    assertThat(whats(alarm("x", 1, Severity.CRITICAL, AlarmState.RESOLVED)))
        .containsExactly(What.RECOVERED);
  }

  @Test
  void valuesThatAreNoNamesMakeNoGroup() {
    assertThat(Group.of(Map.of("host", " ", "data_shard", "x".repeat(257), "cluster", "a\nb")))
        .containsExactly(Group.FLEET);
    assertThat(Group.of(Map.of("host", "a\u202eb", "cluster", "\ud800")))
        .containsExactly(Group.FLEET);
    assertThat(Group.of(Map.of("host", "x".repeat(256), "team", "t")))
        .containsExactly(new Group("host", "x".repeat(256)), Group.FLEET);
  }

  private List<What> whats(RunEvent event, FleetIncidentPolicy policy) {
    return run.take(event, policy).stream().map(FleetSignal::what).toList();
  }

  private List<What> whats(Alarm alarm) {
    FleetSignal signal = run.take(alarm, ON);
    return signal == null ? List.of() : List.of(signal.what());
  }

  private static RunEvent started(int attempt, Map<String, String> tags) {
    return event(
        attempt,
        RunEvent.WHOLE_RUN,
        new RunEvent.Started(
            "",
            "",
            List.of(),
            1,
            Double.NaN,
            RunEvent.ClipMode.NONE,
            Double.NaN,
            RunEvent.NormStage.PRE_CLIP,
            false,
            tags));
  }

  private static RunEvent ended(int attempt) {
    return event(attempt, RunEvent.WHOLE_RUN, new RunEvent.Ended(RunEvent.Outcome.FAILED));
  }

  private static RunEvent event(int attempt, int rank, RunEvent.Body body) {
    return new RunEvent("p", "r", attempt, 0, 0, rank, body);
  }

  private static Alarm alarm(String id, int revision, Severity severity, AlarmState state) {
    return alarm(id, revision, AlarmKind.DIVERGENCE, severity, state, Resolution.NONE);
  }

  private static Alarm silence(Severity severity, AlarmState state, Resolution resolution) {
    return alarm("s", 0, AlarmKind.SILENCE, severity, state, resolution);
  }

  private static Alarm alarm(
      String id,
      int revision,
      AlarmKind kind,
      Severity severity,
      AlarmState state,
      Resolution resolution) {
    return new Alarm(
        id,
        revision,
        "p",
        "r",
        0,
        kind,
        severity,
        state,
        resolution,
        1,
        2,
        3,
        4,
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        "");
  }
}
