package io.gradwatch.console.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.routing.Alarms;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.notice.Outcome.Kind;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Severity;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What targets are told, when, and how often. */
class TargetLaneTest {
  private static final String TARGETS =
      """
      targets:
      - {name: slack, type: slack, url: '${env:HOOK}'}
      - {name: pager, type: pagerduty, routing-key: 'env:KEY'}
      - {name: hook, type: webhook, url: 'https://hook.example/', secret: 'env:KEY'}
      - {name: prom, type: alertmanager, url: 'http://am:9093', allow-private: true}
      """;

  private final DivergenceAlarm alarm = Alarms.open(1, 0);

  private static Rig rig(String routes) {
    return new Rig(TARGETS + routes);
  }

  private static Rig toSlack() {
    return rig("routes: [{to: slack}]");
  }

  @Test
  void anAlarmIsToldOnceAndItsEndOnce() {
    Rig rig = toSlack();
    rig.alarm(alarm);
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1");
    assertThat(rig.run(Duration.ofMinutes(5)).told()).isEmpty();
    rig.alarm(Alarms.resolved(alarm, 0));
    assertThat(rig.settle().told()).containsExactly("slack RESOLVED resnet-1");
    assertThat(rig.run(Duration.ofMinutes(5)).told()).isEmpty();
  }

  @Test
  void whatARestartedJobTellsAgainIsNotToldAgain() {
    Rig rig = toSlack();
    rig.alarm(alarm);
    rig.settle();
    rig.alarm(Alarms.resolved(alarm, 0));
    rig.settle();
    rig.told();
    rig.alarm(alarm);
    rig.alarm(Alarms.resolved(alarm, 0));
    assertThat(rig.settle().told()).isEmpty();
  }

  @Test
  void aRestartedRouterRepeatsNothing() {
    Rig rig = toSlack();
    rig.alarm(alarm);
    rig.settle();
    rig.told();
    rig.restart();
    rig.alarm(alarm);
    assertThat(rig.settle().told()).isEmpty();
    rig.alarm(Alarms.resolved(alarm, 0));
    assertThat(rig.settle().told()).containsExactly("slack RESOLVED resnet-1");
  }

  @Test
  void whatARouterDidNotWriteDownBeforeItWasKilledIsToldOnceMoreForAsLongAsItIsNews() {
    Rig rig = toSlack();
    rig.loseWhatIsToldNow();
    rig.alarm(alarm);
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1");
    rig.pass(Duration.ofHours(6));
    rig.restart();
    rig.loseWhatIsToldNow();
    rig.alarm(alarm, Rig.START);
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1");
    rig.pass(Duration.ofMillis(1));
    rig.restart();
    rig.alarm(alarm, Rig.START);
    assertThat(rig.settle().told()).isEmpty();
  }

  @Test
  void anEndThatARouterDidNotWriteDownBeforeItWasKilledIsToldOnceMore() {
    Rig rig = toSlack();
    rig.alarm(alarm);
    rig.settle();
    rig.loseWhatIsToldNow();
    rig.alarm(Alarms.resolved(alarm, 0));
    assertThat(rig.settle().told())
        .containsExactly("slack OPENED resnet-1", "slack RESOLVED resnet-1");
    for (int i = 0; i < 2; i++) {
      rig.restart();
      rig.alarm(alarm);
      rig.alarm(Alarms.resolved(alarm, 0));
      assertThat(rig.settle().told())
          .isEqualTo(i == 0 ? List.of("slack RESOLVED resnet-1") : List.of());
    }
  }

  @Test
  void whatOpenedAndEndedWhileATargetWasAwayIsNotTold() {
    Rig rig = toSlack();
    rig.answer("slack", any -> Outcome.failed(Kind.RETRY, "away"));
    rig.alarm(alarm);
    rig.alarm(Alarms.open(2, 0));
    rig.run(Duration.ofHours(1));
    rig.alarm(Alarms.resolved(alarm, 0));
    rig.answer("slack", any -> Outcome.delivered(""));
    assertThat(rig.run(Duration.ofMinutes(6)).told()).containsExactly("slack OPENED resnet-2");
  }

  @Test
  void countsWhatWasOverBeforeAnybodyWasTold() {
    Rig rig = toSlack();
    rig.alarm(alarm);
    rig.settle();
    rig.alarm(Alarms.resolved(alarm, 0));
    assertThat(rig.settle().passedOver()).as("its end was told").isEmpty();
    for (int run = 2; run <= 3; run++) {
      DivergenceAlarm brief = Alarms.open(run, 0);
      rig.alarm(brief);
      rig.alarm(Alarms.resolved(brief, 0));
    }
    assertThat(rig.settle().passedOver()).containsExactly(2L);
    assertThat(rig.settle().passedOver()).as("told once").containsExactly(2L);
  }

  @Test
  void whatIsStaleIsNeverTold() {
    Rig rig = toSlack();
    rig.alarm(alarm, Rig.START.minus(Duration.ofHours(6)).minusMillis(1));
    rig.alarm(Alarms.open(2, 0), Rig.START.minus(Duration.ofHours(6)));
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-2");
  }

  @Test
  void theEndOfWhatIsStaleIsToldToThoseWhoKnowOfIt() {
    Rig rig = toSlack();
    rig.alarm(alarm);
    rig.settle();
    rig.pass(Duration.ofDays(3));
    rig.alarm(Alarms.resolved(alarm, 0));
    assertThat(rig.settle().told()).contains("slack RESOLVED resnet-1");
  }

  @Test
  void aSilenceHoldsAnAlarmBackUntilItEndsHoweverLongThatIs() {
    Rig rig = toSlack();
    rig.silence("project", "vision", Duration.ofHours(20));
    rig.alarm(alarm);
    assertThat(rig.settle().told()).isEmpty();
    rig.pass(Duration.ofHours(20).minusMillis(1));
    assertThat(rig.settle().told()).isEmpty();
    rig.pass(Duration.ofMillis(1));
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1");
  }

  @Test
  void whoSomebodyLooksAfterIsNotToldAnew() {
    Rig rig = toSlack();
    rig.acknowledge(alarm.getAlarmId());
    rig.alarm(alarm);
    assertThat(rig.settle().told()).isEmpty();
  }

  @Test
  void aRiseIsToldOnceAlsoWhenSomebodyLooksAfterIt() {
    Rig rig = toSlack();
    rig.alarm(Alarms.as(alarm, Severity.WARNING, 0));
    rig.settle();
    rig.acknowledge(alarm.getAlarmId());
    rig.alarm(Alarms.as(alarm, Severity.WARNING, 1));
    rig.alarm(Alarms.as(alarm, Severity.CRITICAL, 2));
    rig.alarm(Alarms.as(alarm, Severity.CRITICAL, 3));
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1", "slack ROSE resnet-1");
  }

  @Test
  void anAlarmThatNobodyAcknowledgesIsEscalatedStepByStep() {
    Rig rig =
        rig(
            """
            routes:
            - to: slack
              escalation:
              - {after: 15m, to: pager}
              - {after: 30m, to: [pager, hook]}
            """);
    rig.alarm(alarm);
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1");
    rig.pass(Duration.ofMinutes(15).minusMillis(1));
    assertThat(rig.settle().told()).isEmpty();
    rig.pass(Duration.ofMillis(1));
    assertThat(rig.settle().told()).containsExactly("pager ESCALATED resnet-1");
    rig.pass(Duration.ofMinutes(15));
    assertThat(rig.settle().told())
        .containsExactly("pager ESCALATED resnet-1", "hook ESCALATED resnet-1");
    assertThat(rig.run(Duration.ofMinutes(5)).told()).isEmpty();
    rig.alarm(Alarms.resolved(alarm, 0));
    assertThat(rig.settle().told())
        .containsExactly(
            "slack RESOLVED resnet-1", "pager RESOLVED resnet-1", "hook RESOLVED resnet-1");
  }

  @Test
  void anAlarmThatSomebodyAcknowledgesIsNotEscalated() {
    Rig rig = rig("routes: [{to: slack, escalation: [{after: 15m, to: pager}]}]");
    rig.alarm(alarm);
    rig.settle();
    rig.acknowledge(alarm.getAlarmId());
    rig.told();
    assertThat(rig.run(Duration.ofMinutes(16)).told()).isEmpty();
  }

  @Test
  void aTargetThatIsDownDoesNotHoldTheEscalation() {
    Rig rig = rig("routes: [{to: slack, escalation: [{after: 15m, to: pager}]}]");
    rig.answer("slack", any -> Outcome.failed(Kind.RETRY, "away"));
    rig.alarm(alarm);
    assertThat(rig.run(Duration.ofMinutes(16)).told()).containsExactly("pager ESCALATED resnet-1");
  }

  @Test
  void aPagerHearsOnceThatSomebodyLooksAfterIt() {
    Rig rig = rig("routes: [{to: pager}]");
    rig.answer(
        "pager",
        dispatch ->
            Outcome.delivered(
                dispatch.first().cause().name().equals("ACKNOWLEDGED") ? "k acknowledged" : "k"));
    rig.alarm(alarm);
    rig.settle();
    rig.acknowledge(alarm.getAlarmId());
    assertThat(rig.run(Duration.ofMinutes(2)).told())
        .containsExactly("pager OPENED resnet-1", "pager ACKNOWLEDGED resnet-1");
  }

  @Test
  void kindsAreIgnoredOrCheckedAgain() {
    Rig rig =
        rig(
            """
            answers:
              loss-spike: ignore
              EXPLODING_GRADIENT: {check-again: {after: 10m}}
            routes: [{to: slack}]
            """);
    DivergenceAlarm spike = Alarms.open(2, 0);
    spike.setKind(io.gradwatch.records.AlarmKind.LOSS_SPIKE);
    rig.alarm(spike);
    rig.alarm(alarm);
    rig.alarm(Alarms.open(3, 0));
    rig.run(Duration.ofMinutes(9));
    assertThat(rig.told()).isEmpty();
    rig.alarm(Alarms.resolved(Alarms.open(3, 0), 0));
    assertThat(rig.run(Duration.ofMinutes(2)).told()).containsExactly("slack OPENED resnet-1");
  }

  @Test
  void actingIsOffUntilItIsOn() {
    String rules = "answers: {EXPLODING_GRADIENT: act}\nactions-to: hook\nroutes: [{to: slack}]\n";
    Rig off = rig(rules);
    off.alarm(alarm);
    assertThat(off.settle().told()).containsExactly("slack OPENED resnet-1");
    Rig on = rig("acting: true\n" + rules);
    on.alarm(alarm);
    assertThat(on.settle().told()).containsExactly("slack OPENED resnet-1", "hook OPENED resnet-1");
  }

  @Test
  void aDeadTargetHoldsUpNoOther() {
    Rig rig = rig("routes: [{to: [pager, slack]}]");
    rig.answer("pager", any -> Outcome.failed(Kind.RETRY, "away"));
    rig.alarm(alarm);
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1");
    assertThat(rig.untoldOffsets()).containsExactly("0");
    rig.answer("pager", any -> Outcome.delivered(""));
    assertThat(rig.run(Duration.ofMinutes(1)).told()).containsExactly("pager OPENED resnet-1");
    assertThat(rig.untoldOffsets()).isEmpty();
  }

  @Test
  void aMessageThatIsNotTakenWaitsAndTheOthersGo() {
    Rig rig = toSlack();
    rig.answer(
        "slack",
        dispatch ->
            dispatch.first().record().getRunId().equals("resnet-1")
                ? Outcome.failed(Kind.REJECTED, "no")
                : Outcome.delivered(""));
    rig.alarm(alarm);
    rig.alarm(Alarms.open(2, 0));
    assertThat(rig.run(Duration.ofMinutes(9)).told()).containsExactly("slack OPENED resnet-2");
    rig.answer("slack", any -> Outcome.delivered(""));
    assertThat(rig.run(Duration.ofMinutes(2)).told()).containsExactly("slack OPENED resnet-1");
  }

  @Test
  void aTargetThatAsksToBeLeftAloneIs() {
    Rig rig = toSlack();
    rig.answer("slack", any -> new Outcome(Kind.RETRY, "busy", "", Duration.ofMinutes(4)));
    rig.alarm(alarm);
    rig.settle();
    rig.answer("slack", any -> Outcome.delivered(""));
    rig.pass(Duration.ofMinutes(4).minusMillis(1));
    assertThat(rig.settle().told()).isEmpty();
    rig.pass(Duration.ofMillis(1));
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1");
  }

  @Test
  void aStormIsAHandfulOfMessagesOfWhichTheFirstDoNotWait() {
    Rig rig = rig("routes: [{to: [slack, pager, hook]}]");
    for (int i = 0; i < 500; i++) {
      rig.alarm(Alarms.open(i, 0));
    }
    rig.settle();
    assertThat(rig.told()).hasSize(30).allMatch(line -> line.contains("OPENED resnet-"));
    rig.run(Duration.ofMinutes(1));
    assertThat(rig.told())
        .containsExactlyInAnyOrder(
            "slack OPENED 490 alarms",
            "pager OPENED 490 alarms",
            "hook OPENED 100 alarms",
            "hook OPENED 100 alarms",
            "hook OPENED 100 alarms",
            "hook OPENED 100 alarms",
            "hook OPENED 90 alarms");
    assertThat(toldIds(rig)).hasSize(500);
    assertThat(rig.untoldOffsets()).isEmpty();
    rig.alarm(Alarms.open(501, 0));
    assertThat(rig.settle().told()).contains("slack OPENED resnet-501");
  }

  @Test
  void theWorstOfAStormIsToldFirst() {
    Rig rig = toSlack();
    for (int i = 0; i < 20; i++) {
      rig.alarm(Alarms.as(Alarms.open(i, 0), Severity.WARNING, 0));
    }
    rig.alarm(Alarms.open(21, 0));
    assertThat(rig.settle().told()).hasSize(10).first().isEqualTo("slack OPENED resnet-21");
  }

  @Test
  void anAlertmanagerIsToldAgainEveryMinuteAndTheEndOnce() {
    Rig rig = rig("routes: [{to: prom}]");
    rig.alarm(alarm);
    assertThat(rig.settle().told()).containsExactly("prom OPENED resnet-1");
    rig.pass(Duration.ofMinutes(1).minusMillis(1));
    assertThat(rig.settle().told()).isEmpty();
    rig.pass(Duration.ofMillis(1));
    assertThat(rig.settle().told()).containsExactly("prom STILL_OPEN resnet-1");
    rig.alarm(Alarms.resolved(alarm, 0));
    assertThat(rig.run(Duration.ofMinutes(3)).told()).containsExactly("prom RESOLVED resnet-1");
  }

  @Test
  void anAlertmanagerForgetsWhatIsSilencedHereAndHearsOfItAgainAfterwards() {
    Rig rig = rig("routes: [{to: prom}]");
    rig.alarm(alarm);
    rig.settle();
    rig.silence("run", "resnet-1", Duration.ofMinutes(30));
    assertThat(rig.run(Duration.ofMinutes(29)).told())
        .containsExactly("prom OPENED resnet-1", "prom WITHDRAWN resnet-1");
    assertThat(rig.run(Duration.ofMinutes(1)).told()).containsExactly("prom OPENED resnet-1");
  }

  @Test
  void anAlertmanagerIsToldAStormInBatches() {
    Rig rig = rig("routes: [{to: prom}]");
    for (int i = 0; i < 500; i++) {
      rig.alarm(Alarms.open(i, 0));
    }
    assertThat(rig.settle().told())
        .hasSize(8)
        .startsWith("prom OPENED 64 alarms")
        .endsWith("prom OPENED 52 alarms");
  }

  @Test
  void theIncidentOfAStormEndsWithItsLastAlarm() {
    Rig rig =
        new Rig(
            "targets: [{name: pager, type: pagerduty, routing-key: 'env:KEY', group-over: 0}]\n"
                + "routes: [{to: pager}]");
    rig.answer("pager", any -> Outcome.delivered("storm"));
    rig.alarm(alarm);
    rig.alarm(Alarms.open(2, 0));
    rig.run(Duration.ofSeconds(11));
    rig.alarm(Alarms.resolved(alarm, 0));
    rig.run(Duration.ofSeconds(2));
    rig.alarm(Alarms.resolved(Alarms.open(2, 0), 0));
    rig.run(Duration.ofSeconds(2));
    assertThat(rig.told())
        .containsExactly(
            "pager OPENED 2 alarms", "pager RESOLVED resnet-1", "pager RESOLVED resnet-2");
    assertThat(rig.dispatches())
        .extracting(dispatch -> dispatch.first().lastOfReference())
        .containsExactly(true, false, true);
  }

  @Test
  void alarmsOfPartitionsThatSomebodyElseHasAreLeftToThem() {
    Rig rig = toSlack();
    rig.alarm(alarm);
    rig.state().forget(Set.of(Rig.PARTITION), 0);
    assertThat(rig.settle().told()).isEmpty();
    rig.alarm(alarm);
    assertThat(rig.settle().told()).isEmpty();
    rig.state().ready(Set.of(Rig.PARTITION));
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1");
  }

  @Test
  void theEndOfAnAlarmThatComesWhileItsBeginningIsSentIsTold() {
    Rig rig = toSlack();
    rig.alarm(alarm);
    rig.answer(
        "slack",
        dispatch -> {
          if (!dispatch.first().cause().isEnd()) {
            rig.alarm(Alarms.resolved(alarm, 0));
            rig.state().settle(Rig.START);
          }
          return Outcome.delivered("");
        });
    assertThat(rig.settle().told())
        .containsExactly("slack OPENED resnet-1", "slack RESOLVED resnet-1");
  }

  @Test
  void theIncidentOfAStormIsAcknowledgedWithTheLastOfItsAlarms() {
    Rig rig = stormOfTwo();
    rig.acknowledge(alarm.getAlarmId());
    rig.run(Duration.ofMinutes(1));
    rig.acknowledge(Alarms.id(2));
    rig.run(Duration.ofMinutes(1));
    assertThat(rig.told())
        .containsExactly(
            "pager OPENED 2 alarms", "pager ACKNOWLEDGED resnet-1", "pager ACKNOWLEDGED resnet-2");
    assertThat(rig.dispatches())
        .extracting(dispatch -> dispatch.first().lastOfReference())
        .containsExactly(true, false, true);
  }

  private Rig stormOfTwo() {
    Rig rig =
        new Rig(
            "targets: [{name: pager, type: pagerduty, routing-key: 'env:KEY', group-over: 0}]\n"
                + "routes: [{to: pager}]");
    rig.answer(
        "pager",
        dispatch ->
            Outcome.delivered(
                dispatch.first().cause().name().equals("ACKNOWLEDGED")
                    ? "storm acknowledged"
                    : "storm"));
    rig.alarm(alarm);
    rig.alarm(Alarms.open(2, 0));
    return rig.run(Duration.ofSeconds(11));
  }

  @Test
  void anEscalationOfAStormIsAHandfulOfPages() {
    Rig rig = rig("routes: [{to: hook, escalation: [{after: 15m, to: pager}]}]");
    for (int i = 0; i < 100; i++) {
      rig.alarm(Alarms.open(i, 0));
    }
    rig.run(Duration.ofMinutes(16));
    assertThat(rig.told())
        .filteredOn(line -> line.startsWith("pager"))
        .hasSize(11)
        .endsWith("pager ESCALATED 90 alarms");
  }

  @Test
  void theStepsOfAnEscalationCountFromTheEndOfASilence() {
    Rig rig = rig("routes: [{to: slack, escalation: [{after: 15m, to: pager}]}]");
    rig.silence("project", "vision", Duration.ofHours(2));
    rig.alarm(alarm);
    assertThat(rig.run(Duration.ofHours(2)).told()).containsExactly("slack OPENED resnet-1");
    rig.pass(Duration.ofMinutes(15).minusMillis(1));
    assertThat(rig.settle().told()).isEmpty();
    rig.pass(Duration.ofMillis(1));
    assertThat(rig.settle().told()).containsExactly("pager ESCALATED resnet-1");
  }

  @Test
  void whatIsStaleIsNeitherEscalatedNorToldAgainByARouterThatWasAway() {
    Rig rig = rig("routes: [{to: [slack, prom], escalation: [{after: 15m, to: slack}]}]");
    rig.alarm(alarm);
    rig.settle();
    rig.told();
    rig.restart();
    rig.alarm(alarm);
    rig.alarm(Alarms.as(alarm, Severity.CRITICAL, 1));
    rig.pass(Duration.ofDays(1));
    assertThat(rig.run(Duration.ofMinutes(2)).told()).isEmpty();
    rig.alarm(Alarms.as(alarm, Severity.CRITICAL, 2));
    assertThat(rig.settle().told()).contains("prom STILL_OPEN resnet-1");
  }

  @Test
  void anAlertmanagerIsToldForAsLongAsTheRouterKnowsThatAnAlarmIsOpen() {
    Rig rig = rig("routes: [{to: prom}]");
    rig.alarm(alarm);
    rig.run(Duration.ofHours(7));
    rig.told();
    assertThat(rig.run(Duration.ofMinutes(1)).told()).contains("prom STILL_OPEN resnet-1");
  }

  @Test
  void whatOpensOutsideTheHoursOfARouteIsToldWhenTheyBegin() {
    Rig rig =
        rig(
            """
            routes:
            - to: slack
              during: [{days: mon-fri, from: '09:00', to: '18:00'}]
              escalation: [{after: 15m, to: pager}]
            """);
    rig.alarm(alarm);
    rig.alarm(Alarms.open(2, 0), Rig.START.minus(Duration.ofDays(7)));
    rig.pass(Duration.ofHours(23).minusMillis(1));
    assertThat(rig.settle().told()).isEmpty();
    rig.pass(Duration.ofMillis(1));
    assertThat(rig.settle().told()).containsExactly("slack OPENED resnet-1");
    rig.pass(Duration.ofMinutes(15));
    assertThat(rig.settle().told()).containsExactly("pager ESCALATED resnet-1");
  }

  @Test
  void oneAlarmThatIsNotTakenDoesNotHoldBackThoseOfItsBatch() {
    Rig rig = rig("routes: [{to: prom}]");
    rig.answer(
        "prom",
        dispatch ->
            dispatch.notices().stream()
                    .anyMatch(notice -> notice.record().getRunId().equals("resnet-40"))
                ? Outcome.failed(Kind.REJECTED, "no")
                : Outcome.delivered(""));
    for (int i = 0; i < 100; i++) {
      rig.alarm(Alarms.open(i, 0));
    }
    rig.run(Duration.ofSeconds(50));
    assertThat(toldIds(rig)).hasSize(99).doesNotContain(Alarms.id(40));
  }

  private static Set<String> toldIds(Rig rig) {
    Set<String> ids = new HashSet<>();
    rig.dispatches().stream()
        .flatMap(dispatch -> dispatch.notices().stream())
        .forEach(notice -> ids.add(notice.alarm().id()));
    return ids;
  }

  @Test
  void whoActsIsToldOfEachAlarmOfAStormByItself() {
    Rig rig =
        rig(
            """
            acting: true
            answers: {EXPLODING_GRADIENT: act}
            actions-to: hook
            routes: [{to: slack}]
            """);
    for (int i = 0; i < 50; i++) {
      rig.alarm(Alarms.open(i, 0));
    }
    rig.run(Duration.ofMinutes(1));
    assertThat(rig.told())
        .filteredOn(line -> line.startsWith("hook"))
        .hasSize(50)
        .allMatch(line -> line.startsWith("hook OPENED resnet-"));
  }

  @Test
  void whatATargetIsNotToldWaitsSinceItIsDue() {
    Rig rig = rig("routes: [{to: slack, escalation: [{after: 15m, to: pager}]}]");
    rig.answer("slack", any -> Outcome.failed(Kind.RETRY, "away"));
    rig.answer("pager", any -> Outcome.failed(Kind.RETRY, "away"));
    rig.alarm(alarm);
    rig.run(Duration.ofMinutes(10));
    rig.alarm(Alarms.as(alarm, Severity.CRITICAL, 1));
    rig.run(Duration.ofMinutes(10));
    assertThat(rig.pendingSince("slack")).containsExactly(Rig.START);
    assertThat(rig.pendingSince("pager")).containsExactly(Rig.START.plus(Duration.ofMinutes(15)));
  }
}
