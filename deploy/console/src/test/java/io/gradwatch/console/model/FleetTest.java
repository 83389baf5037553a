package io.gradwatch.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.FleetPage;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.api.SilenceView;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.MatchOperator;
import io.gradwatch.records.Resolution;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.Severity;
import io.gradwatch.records.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {
  private static final String ID = Records.id(1);

  private final AtomicLong now = new AtomicLong(1_000);
  private final Fleet fleet =
      new Fleet(new FleetLimits(5, 4, 1 << 20), () -> Instant.ofEpochMilli(now.get()));

  @Test
  void sortsByNeedThenName() {
    step("calm", 1);
    step("watched", 1);
    step("burning", 1);
    step("attended", 1);
    alarm(1, "watched", Severity.WARNING);
    alarm(2, "burning", Severity.CRITICAL);
    alarm(3, "attended", Severity.CRITICAL);
    fleet.apply(Records.acknowledgement(Records.id(3), false));
    assertThat(names(FleetQuery.all())).containsExactly("burning", "attended", "watched", "calm");
    assertThat(fleet.counts())
        .containsEntry(RunState.CRITICAL, 2)
        .containsEntry(RunState.WATCH, 1)
        .containsEntry(RunState.HEALTHY, 1)
        .containsEntry(RunState.ENDED, 0);
    assertThat(fleet.unattended()).isEqualTo(2);
  }

  @Test
  void infoIsForTheRecordAndSilenceMakesSilent() {
    alarm(1, "a", Severity.INFO);
    DivergenceAlarm silent = Records.alarm(Records.id(2), "default", "b", 0, Severity.WARNING, 1);
    silent.setKind(AlarmKind.SILENCE);
    fleet.apply(silent);
    assertThat(row("a").state()).isEqualTo(RunState.HEALTHY);
    assertThat(row("a").openAlarms()).isEqualTo(1);
    assertThat(row("b").state()).isEqualTo(RunState.SILENT);
  }

  @Test
  void whatWasClippedIsNotWhatTheAdviceWouldHaveClipped() {
    var statistics = Records.statistics("default", "run", 0, 100, 3, 4);
    statistics.setAdvisedClipShare(0.25);
    statistics.setAppliedClipShare(Double.NaN);
    fleet.apply(statistics);
    assertThat(row("run").clipShare()).isNull();
    assertThat(row("run").adviceClipShare()).isEqualTo(0.25);
    var clipping = Records.statistics("default", "run", 0, 101, 3, 4);
    clipping.setAdvisedClipShare(0.25);
    clipping.setAppliedClipShare(0.5);
    fleet.apply(clipping);
    assertThat(row("run").clipShare()).isEqualTo(0.5);
    assertThat(row("run").adviceClipShare()).isEqualTo(0.25);
  }

  @Test
  void anEndedRunShowsTheAlarmItEndedWith() {
    step("run", 1);
    alarm(1, "run", Severity.CRITICAL);
    fleet.apply("default", Records.event("run", 0, 2, Records.ended(RunOutcome.FAILED)));
    assertThat(row("run").state()).isEqualTo(RunState.CRITICAL);
    fleet.apply(resolved(Resolution.RUN_ENDED));
    assertThat(row("run").state()).isEqualTo(RunState.ENDED);
    assertThat(row("run").outcome()).isEqualTo("FAILED");
    assertThat(row("run").openAlarms()).isZero();
    assertThat(row("run").alarm()).isNotNull();
  }

  @Test
  void aRecoveredRunShowsNoAlarm() {
    step("run", 1);
    alarm(1, "run", Severity.CRITICAL);
    fleet.apply(resolved(Resolution.RECOVERED));
    assertThat(row("run").state()).isEqualTo(RunState.HEALTHY);
    assertThat(row("run").alarm()).isNull();
  }

  @ParameterizedTest
  @EnumSource(FleetQuery.Order.class)
  void runsWithoutANumberComeLastWhicheverWay(FleetQuery.Order order) {
    fleet.apply("default", Records.event("none", 0, 0, Records.started()));
    step("one", 1);
    step("two", 2);
    for (boolean descending : new boolean[] {true, false}) {
      List<String> names = names(new FleetQuery("", Set.of(), "", order, descending));
      assertThat(names).containsExactlyInAnyOrder("none", "one", "two");
      if (order == FleetQuery.Order.LOSS || order == FleetQuery.Order.NORM) {
        assertThat(names)
            .isEqualTo(descending ? List.of("two", "one", "none") : List.of("one", "two", "none"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"RUN", "UPPER", "ada", "team=vision", "exploding"})
  void findsTextInAnyCase(String text) {
    fleet.apply("default", Records.event("run-UPPER", 0, 0, Records.started()));
    alarm(1, "run-UPPER", Severity.INFO);
    step("other", 1);
    assertThat(names(new FleetQuery("", Set.of(), text, FleetQuery.Order.RUN, false)))
        .containsExactly("run-UPPER");
  }

  @Test
  void countsAllThatMatchAndTellsAPart() {
    for (int i = 0; i < 5; i++) {
      step("run" + i, i);
    }
    alarm(1, "run3", Severity.CRITICAL);
    FleetQuery watched =
        new FleetQuery("default", Set.of(RunState.HEALTHY), "", FleetQuery.Order.RUN, false);
    FleetPage page = fleet.fleet(watched, 1, 2);
    assertThat(page.total()).isEqualTo(4);
    assertThat(page.runs()).extracting(RunRow::run).containsExactly("run1", "run2");
    assertThat(page.runs().get(0).lossTrend()).containsExactly(1f);
    assertThat(page.counts()).containsEntry(RunState.CRITICAL, 1);
    assertThat(page.projects()).containsExactly("default");
    assertThat(fleet.fleet(watched, 9, 2).runs()).isEmpty();
    assertThat(fleet.fleet(watched, 0, 0).runs()).isEmpty();
    assertThat(fleet.fleet(watched, Integer.MAX_VALUE, Integer.MAX_VALUE).runs()).isEmpty();
    assertThat(
            fleet
                .fleet(new FleetQuery("elsewhere", Set.of(), "", FleetQuery.Order.RUN, false), 0, 9)
                .total())
        .isZero();
  }

  @Test
  void letsGoOfTheEndedRunThenOfTheOneHeardOfLongestAgo() {
    for (int i = 0; i < 5; i++) {
      step("run" + i, i);
    }
    fleet.apply("default", Records.event("run4", 0, 9, Records.ended(RunOutcome.COMPLETED)));
    long before = fleet.forgotten();
    step("new1", 20);
    step("new2", 21);
    assertThat(names(new FleetQuery("", Set.of(), "", FleetQuery.Order.RUN, false)))
        .containsExactly("new1", "new2", "run1", "run2", "run3");
    assertThat(fleet.forgotten()).isEqualTo(before + 2);
    assertThat(fleet.size()).isEqualTo(5);
    assertThat(fleet.knows(new RunKey("default", "run4"))).isFalse();
  }

  @Test
  void whatIsSaidOfAnAlarmDoesNotBringBackItsRun() {
    alarm(1, "gone", Severity.CRITICAL);
    for (int i = 0; i < 5; i++) {
      fleet.apply("default", Records.step("run" + i, 0, 1_000 + i, 1, 1));
    }
    assertThat(fleet.knows(new RunKey("default", "gone"))).isFalse();
    long since = fleet.generation();
    fleet.apply(Records.acknowledgement(ID, false));
    assertThat(fleet.knows(new RunKey("default", "gone"))).isFalse();
    assertThat(fleet.changedAlarms(since, 10)).hasSize(1);
  }

  @Test
  void olderRevisionsChangeNothingAndTheEndKeepsTheNumbers() {
    fleet.apply(Records.alarm(ID, "default", "run", 1, Severity.CRITICAL, 10));
    fleet.apply(Records.alarm(ID, "default", "run", 0, Severity.INFO, 10));
    assertThat(fleet.alarmView(ID).severity()).isEqualTo("CRITICAL");
    fleet.apply(resolved(Resolution.RECOVERED));
    var detail = fleet.alarm(ID);
    assertThat(detail.alarm().status()).isEqualTo(AlarmStatus.RESOLVED);
    assertThat(detail.alarm().summary()).isEqualTo("the norm doubles every 10 steps");
    assertThat(detail.alarm().evidence()).hasSize(2);
    assertThat(detail.alarm().evidence().get(0).meaning())
        .isEqualTo("steps until the norm overflows, at this rate");
    assertThat(detail.history()).extracting("revision").containsExactly(1, 9);
    for (int revision = 10; revision < 300; revision++) {
      fleet.apply(Records.alarm(ID, "default", "run", revision, Severity.INFO, 10));
    }
    assertThat(fleet.alarm(ID).history()).hasSize(100);
  }

  @Test
  void letsGoOfResolvedAlarmsFirst() {
    alarm(1, "a", Severity.INFO);
    alarm(2, "b", Severity.INFO);
    fleet.apply(resolved(Resolution.RECOVERED));
    for (int i = 3; i <= 5; i++) {
      alarm(i, "c", Severity.INFO);
    }
    assertThat(fleet.alarm(ID)).isNull();
    assertThat(fleet.alarm(Records.id(2))).isNotNull();
    alarm(6, "d", Severity.INFO);
    assertThat(fleet.alarm(Records.id(2))).isNull();
    assertThat(fleet.alarms(everyAlarm(), 0, 10).total()).isEqualTo(4);
    assertThat(fleet.changedAlarms(0, 10)).hasSize(4);
  }

  @Test
  void silencesHoldByTheClock() {
    alarm(1, "run", Severity.CRITICAL);
    fleet.apply(Records.silence("s", "run", MatchOperator.EQUAL, "run", 2_000, 3_000));
    assertThat(status()).isEqualTo(AlarmStatus.OPEN);
    assertThat(silence().state()).isEqualTo("PENDING");
    now.set(2_000);
    long since = fleet.generation();
    fleet.passTime();
    assertThat(fleet.changedAlarms(since, 10)).hasSize(1);
    assertThat(status()).isEqualTo(AlarmStatus.SILENCED);
    assertThat(row("run").state()).isEqualTo(RunState.HEALTHY);
    assertThat(fleet.counts()).containsEntry(RunState.CRITICAL, 0);
    assertThat(fleet.alarm(ID).silences()).hasSize(1);
    assertThat(silence().matching()).isEqualTo(1);
    now.set(2_999);
    since = fleet.generation();
    fleet.passTime();
    assertThat(fleet.changedAlarms(since, 10)).isEmpty();
    now.set(3_000);
    fleet.passTime();
    assertThat(fleet.changedAlarms(since, 10)).hasSize(1);
    assertThat(status()).isEqualTo(AlarmStatus.OPEN);
    assertThat(silence().state()).isEqualTo("EXPIRED");
  }

  @Test
  void silencesAreToldActiveFirst() {
    fleet.apply(Records.silence("ended", "run", MatchOperator.EQUAL, "a", 0, 500));
    fleet.apply(Records.silence("later", "run", MatchOperator.EQUAL, "a", 5_000, 6_000));
    fleet.apply(Records.silence("now", "run", MatchOperator.EQUAL, "a", 0, 6_000));
    assertThat(fleet.silences(Set.of(), 0, 10).silences())
        .extracting(SilenceView::id)
        .containsExactly("now", "later", "ended");
    assertThat(fleet.silences(Set.of("PENDING"), 0, 10).total()).isEqualTo(1);
    assertThat(fleet.silences(Set.of(), 1, 1).silences())
        .extracting(SilenceView::id)
        .containsExactly("later");
  }

  @Test
  void listsAlarmsByEveryPartOfAQuery() {
    alarm(1, "a", Severity.CRITICAL);
    alarm(2, "b", Severity.WARNING);
    fleet.apply(Records.acknowledgement(Records.id(2), false));
    assertThat(fleet.alarms(everyAlarm(), 0, 10).alarms())
        .extracting("run")
        .containsExactly("b", "a");
    assertThat(found(new AlarmQuery(Set.of(AlarmStatus.ACKNOWLEDGED), "", "", "", "", "")))
        .isEqualTo(1);
    assertThat(found(new AlarmQuery(Set.of(), "default", "a", "CRITICAL", "", "DOUBLES")))
        .isEqualTo(1);
    assertThat(found(new AlarmQuery(Set.of(), "", "", "", "LOSS_SPIKE", ""))).isZero();
    assertThat(found(new AlarmQuery(Set.of(), "other", "", "", "", ""))).isZero();
    assertThat(
            fleet
                .alarms(new AlarmQuery(Set.of(AlarmStatus.OPEN), "", "", "", "", ""), 0, 0)
                .counts())
        .containsEntry(AlarmStatus.OPEN, 1)
        .containsEntry(AlarmStatus.ACKNOWLEDGED, 1);
  }

  @Test
  void withdrawnAcknowledgementsAndJudgementsAreGone() {
    alarm(1, "run", Severity.CRITICAL);
    fleet.apply(Records.acknowledgement(ID, false));
    assertThat(fleet.alarmView(ID).acknowledgement().author()).isEqualTo("bob");
    fleet.apply(Records.acknowledgement(ID, true));
    assertThat(fleet.alarmView(ID).acknowledgement()).isNull();
    var judgement =
        Records.judgement(ID, "run", AlarmKind.DIVERGENCE, Severity.CRITICAL, Verdict.RIGHT);
    fleet.apply(judgement);
    assertThat(fleet.alarmView(ID).judgement().verdict()).isEqualTo("RIGHT");
    assertThat(fleet.labels("default")).containsKey("run");
    assertThat(fleet.labels("other")).isEmpty();
    judgement.setWithdrawn(true);
    fleet.apply(judgement);
    assertThat(fleet.labels("default")).isEmpty();
  }

  @Test
  void overflowIsTheSoonestThatAnOpenAlarmTells() {
    step("run", 20);
    alarm(1, "run", Severity.WARNING);
    DivergenceAlarm later = Records.alarm(Records.id(2), "default", "run", 0, Severity.INFO, 500);
    fleet.apply(later);
    var overflow = fleet.run(new RunKey("default", "run")).overflow();
    assertThat(overflow.alarm()).isEqualTo(ID);
    assertThat(overflow.steps()).isEqualTo(100);
    assertThat(overflow.doublingSteps()).isEqualTo(10);
    fleet.apply(resolved(Resolution.RECOVERED));
    assertThat(fleet.run(new RunKey("default", "run")).overflow().alarm()).isEqualTo(Records.id(2));
  }

  @Test
  void withdrawnAdviceMakesNoRun() {
    fleet.apply("default", "nobody", null);
    assertThat(fleet.size()).isZero();
  }

  @Test
  void incidentsAreToldNewestFirstInBoundedNumber() {
    for (int i = 0; i < IncidentBook.MOST + 5; i++) {
      fleet.apply(Records.incident("i" + i, 1, AlarmState.OPEN, i));
    }
    fleet.apply(Records.incident("i1004", 2, AlarmState.RESOLVED, 1_004));
    fleet.apply(Records.incident("i1004", 1, AlarmState.OPEN, 1_004));
    assertThat(fleet.incidents(0, 2)).extracting("id").containsExactly("i1004", "i1003");
    assertThat(fleet.incidents(0, 1).get(0).state()).isEqualTo("RESOLVED");
    assertThat(fleet.incidents(0, 5_000)).hasSize(IncidentBook.MOST);
    assertThat(fleet.openIncidents()).isEqualTo(IncidentBook.MOST - 1);
  }

  private void step(String run, long step) {
    fleet.apply("default", Records.step(run, 0, step, (double) step, (double) step));
  }

  private void alarm(long id, String run, Severity severity) {
    fleet.apply(Records.alarm(Records.id(id), "default", run, 0, severity, id));
  }

  private static DivergenceAlarm resolved(Resolution resolution) {
    DivergenceAlarm over = Records.alarm(ID, "default", "run", 9, Severity.CRITICAL, 10);
    over.setRunId("run");
    over.setState(AlarmState.RESOLVED);
    over.setResolution(resolution);
    over.setEvidence(List.of());
    over.setSummary("over");
    return over;
  }

  private RunRow row(String run) {
    return fleet.row(new RunKey("default", run));
  }

  private AlarmStatus status() {
    return fleet.alarmView(ID).status();
  }

  private SilenceView silence() {
    return fleet.silence("s");
  }

  private int found(AlarmQuery query) {
    return fleet.alarms(query, 0, 10).total();
  }

  private static AlarmQuery everyAlarm() {
    return new AlarmQuery(Set.of(), "", "", "", "", "");
  }

  private List<String> names(FleetQuery query) {
    return fleet.fleet(query, 0, 100).runs().stream().map(RunRow::run).toList();
  }
}
