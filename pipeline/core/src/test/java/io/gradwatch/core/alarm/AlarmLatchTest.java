package io.gradwatch.core.alarm;

import static io.gradwatch.core.alarm.AlarmKind.DIVERGENCE;
import static io.gradwatch.core.alarm.AlarmKind.EXPLODING_GRADIENT;
import static io.gradwatch.core.alarm.AlarmKind.INSTABILITY;
import static io.gradwatch.core.alarm.AlarmKind.LOSS_SPIKE;
import static io.gradwatch.core.alarm.AlarmKind.MEASUREMENT_CHANGE;
import static io.gradwatch.core.alarm.AlarmKind.NON_FINITE;
import static io.gradwatch.core.alarm.Severity.CRITICAL;
import static io.gradwatch.core.alarm.Severity.INFO;
import static io.gradwatch.core.alarm.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlarmLatchTest {
  private final OpenAlarms open = new OpenAlarms();
  private final List<String> records = new ArrayList<>();
  private final AlarmLatch latch =
      new AlarmLatch(
          (episode, state, resolution) ->
              records.add(
                  episode.kind()
                      + " "
                      + episode.severity()
                      + " "
                      + state
                      + " "
                      + resolution
                      + " r"
                      + episode.revision()));
  private long step = 100;

  private void offer(AlarmKind kind, @Nullable Severity severity, int times) {
    for (int i = 0; i < times; i++) {
      latch.offer(open, kind, severity, 0, step++);
    }
  }

  @Test
  void raisesOnceWhileADisturbanceLasts() {
    offer(DIVERGENCE, CRITICAL, 100);
    assertThat(records).containsExactly("DIVERGENCE CRITICAL OPEN NONE r0");
  }

  @Test
  void resolvesAPageOnlyAfterItWasClearForLong() {
    offer(DIVERGENCE, CRITICAL, 1);
    offer(DIVERGENCE, null, AlarmLatch.PAGE_CLEAR - 1);
    assertThat(records).hasSize(1);
    offer(DIVERGENCE, null, 1);
    assertThat(records).last().isEqualTo("DIVERGENCE CRITICAL RESOLVED RECOVERED r1");
    assertThat(open.size()).isZero();
  }

  @Test
  void resolvesAWarningSooner() {
    offer(LOSS_SPIKE, WARNING, 1);
    offer(LOSS_SPIKE, null, AlarmLatch.CLEAR - 1);
    assertThat(open.size()).isOne();
    offer(LOSS_SPIKE, null, 1);
    assertThat(open.size()).isZero();
  }

  @Test
  void aDisturbanceSeenAgainStartsTheClearCountAnew() {
    offer(DIVERGENCE, CRITICAL, 1);
    offer(DIVERGENCE, null, AlarmLatch.PAGE_CLEAR - 1);
    offer(DIVERGENCE, CRITICAL, 1);
    offer(DIVERGENCE, null, AlarmLatch.PAGE_CLEAR - 1);
    assertThat(open.size()).isOne();
  }

  @Test
  void escalatesWithinOneAlarmAndNeverBack() {
    offer(NON_FINITE, WARNING, 1);
    offer(NON_FINITE, CRITICAL, 2);
    offer(NON_FINITE, WARNING, 2);
    assertThat(records)
        .containsExactly("NON_FINITE WARNING OPEN NONE r0", "NON_FINITE CRITICAL UPDATED NONE r1");
    assertThat(open.highestSeverity()).isEqualTo(CRITICAL);
  }

  @Test
  void aSecondCriticalKindJoinsThePageThatIsOpen() {
    offer(EXPLODING_GRADIENT, CRITICAL, 1);
    offer(DIVERGENCE, CRITICAL, 3);
    assertThat(records)
        .containsExactly(
            "EXPLODING_GRADIENT CRITICAL OPEN NONE r0",
            "EXPLODING_GRADIENT CRITICAL UPDATED NONE r1");
    assertThat(open.page()).isNotNull();
    assertThat(open.page().joinedKinds()).containsExactly(DIVERGENCE);
  }

  @Test
  void aJoinedKindKeepsThePageOpen() {
    offer(EXPLODING_GRADIENT, CRITICAL, 1);
    offer(DIVERGENCE, CRITICAL, 1);
    for (int i = 0; i < 3 * AlarmLatch.PAGE_CLEAR; i++) {
      latch.offer(open, EXPLODING_GRADIENT, null, 0, step);
      latch.offer(open, DIVERGENCE, CRITICAL, 0, step++);
    }
    assertThat(open.size()).isOne();
  }

  @Test
  void spikesAreNotToldApartWhileAPageIsOpen() {
    offer(DIVERGENCE, CRITICAL, 1);
    offer(LOSS_SPIKE, WARNING, 5);
    assertThat(records).hasSize(1);
  }

  @Test
  void aWarningThatComesWhileAPageIsOpenJoinsIt() {
    offer(DIVERGENCE, CRITICAL, 1);
    offer(INSTABILITY, WARNING, 30);
    assertThat(records)
        .containsExactly("DIVERGENCE CRITICAL OPEN NONE r0", "DIVERGENCE CRITICAL UPDATED NONE r1");
    assertThat(open.page().joinedKinds()).containsExactly(INSTABILITY);
  }

  @Test
  void aWarningThatOutlastsThePageItJoinedOpensAnAlarmOfItsOwn() {
    offer(DIVERGENCE, CRITICAL, 1);
    for (int i = 0; i < AlarmLatch.PAGE_CLEAR; i++) {
      offer(INSTABILITY, WARNING, 1);
      offer(DIVERGENCE, null, 1);
    }
    assertThat(records).last().isEqualTo("DIVERGENCE CRITICAL RESOLVED RECOVERED r2");
    offer(INSTABILITY, WARNING, 1);
    assertThat(records).last().isEqualTo("INSTABILITY WARNING OPEN NONE r0");
  }

  @Test
  void aWarningThatWasThereBeforeThePageStaysItsOwn() {
    offer(INSTABILITY, WARNING, 1);
    offer(DIVERGENCE, CRITICAL, 1);
    offer(INSTABILITY, WARNING, 1);
    assertThat(open.size()).isEqualTo(2);
    assertThat(open.page().joinedKinds()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = AlarmKind.class,
      names = {"STALLED", "NO_PROGRESS", "OVERFITTING", "DEAD_LAYER", "VANISHING_GRADIENT"})
  void aRunThatStandsStillIsAnotherFindingThanOneThatRunsAway(AlarmKind still) {
    offer(DIVERGENCE, CRITICAL, 1);
    offer(still, WARNING, 1);
    assertThat(records).last().isEqualTo(still + " WARNING OPEN NONE r0");
  }

  @Test
  void whatIsOnlyForTheRecordDoesNotJoinAPage() {
    offer(DIVERGENCE, CRITICAL, 1);
    offer(MEASUREMENT_CHANGE, INFO, 1);
    assertThat(records).last().isEqualTo("MEASUREMENT_CHANGE INFO OPEN NONE r0");
  }

  @Test
  void aLastingDisturbanceIsUpdatedSeldom() {
    offer(DIVERGENCE, CRITICAL, (int) AlarmLatch.UPDATE_INTERVAL_STEPS);
    assertThat(records).hasSize(1);
    offer(DIVERGENCE, CRITICAL, 1);
    assertThat(records).last().isEqualTo("DIVERGENCE CRITICAL UPDATED NONE r1");
  }

  @Test
  void resolvesAllWhenTheRunEnds() {
    offer(LOSS_SPIKE, WARNING, 1);
    offer(DIVERGENCE, CRITICAL, 1);
    latch.resolveAll(open, Resolution.RUN_ENDED);
    assertThat(records)
        .endsWith(
            "LOSS_SPIKE WARNING RESOLVED RUN_ENDED r1",
            "DIVERGENCE CRITICAL RESOLVED RUN_ENDED r1");
    assertThat(open.highestSeverity()).isNull();
  }

  @Test
  void anIdIsTheSameWhereverItIsComputed() {
    assertThat(AlarmId.of("default", "run-1", 0, DIVERGENCE, 714))
        .isEqualTo("50dedfff2c0cf80af1ce0a6b585dd6e3")
        .isNotEqualTo(AlarmId.of("default", "run-1", 0, DIVERGENCE, 715))
        .isNotEqualTo(AlarmId.of("default", "run-11", 0, DIVERGENCE, 714))
        .isNotEqualTo(AlarmId.of("default", "run-1", 1, DIVERGENCE, 714))
        .isNotEqualTo(AlarmId.of("default", "run-1", 0, NON_FINITE, 714));
  }
}
