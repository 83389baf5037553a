package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmId;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every alarm of a broad set of disturbed runs tells, every detector on. */
class AlarmContentTest {
  /** Actions that are done to a threshold, a rate or from a step. */
  private static final Set<ActionKind> NUMBERED =
      EnumSet.of(
          ActionKind.LOWER_CLIP_THRESHOLD, ActionKind.LOWER_LEARNING_RATE, ActionKind.ROLL_BACK);

  @ParameterizedTest
  @EnumSource(Disturbances.class)
  void isReadableAndCanBeActedOn(Disturbances disturbance) {
    for (Alarm alarm : disturbance.run(151, false).alarms) {
      assertThat(alarm.summary())
          .matches("[A-Z].*[a-z0-9)%]\\.")
          .doesNotContain("NaN", "Infinity", "null", "  ");
      assertThat(alarm.onsetStep()).isBetween(0L, alarm.openedStep());
      assertThat(alarm.step()).isGreaterThanOrEqualTo(alarm.openedStep());
      if (alarm.state() == AlarmState.RESOLVED) {
        continue;
      }
      assertThat(alarm.evidence()).as("%s", alarm).isNotEmpty();
      assertThat(alarm.evidence()).extracting(Alarm.Evidence::value).doesNotContain(Double.NaN);
      assertThat(alarm.evidence()).extracting(Alarm.Evidence::name).doesNotHaveDuplicates();
      if (alarm.severity() != Severity.INFO) {
        assertThat(alarm.actions()).as("%s", alarm).isNotEmpty();
      }
      for (Alarm.SuggestedAction action : alarm.actions()) {
        assertThat(action.text()).matches("[A-Z].*\\.").doesNotContain("NaN", "null");
        if (NUMBERED.contains(action.action())) {
          assertThat(action.value()).as("%s", action).isFinite();
        }
      }
      assertThat(alarm.layers())
          .isSortedAccordingTo(Comparator.comparingLong(Alarm.ImplicatedLayer::onsetStep));
    }
  }

  @ParameterizedTest
  @EnumSource(Disturbances.class)
  void isOneAlarmAnEpisodeWithRevisionsThatCountUp(Disturbances disturbance) {
    Map<String, List<Alarm>> byId = new TreeMap<>();
    for (Alarm alarm : disturbance.run(157, false).alarms) {
      byId.computeIfAbsent(alarm.id(), id -> new ArrayList<>()).add(alarm);
    }
    for (List<Alarm> episode : byId.values()) {
      Alarm first = episode.get(0);
      assertThat(first.state()).isEqualTo(AlarmState.OPEN);
      assertThat(first.id())
          .isEqualTo(
              AlarmId.of("default", "run", first.attempt(), first.kind(), first.openedStep()));
      for (int i = 0; i < episode.size(); i++) {
        Alarm alarm = episode.get(i);
        assertThat(alarm.revision()).isEqualTo(i);
        assertThat(alarm.kind()).isEqualTo(first.kind());
        assertThat(alarm.onsetStep()).isEqualTo(first.onsetStep());
        assertThat(alarm.state() == AlarmState.RESOLVED).isEqualTo(i == episode.size() - 1);
        if (i > 0) {
          assertThat(alarm.severity()).isGreaterThanOrEqualTo(episode.get(i - 1).severity());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Disturbances.class)
  void isTheSameWheneverItIsComputed(Disturbances disturbance) {
    List<Alarm> once = disturbance.run(163, true).alarms;
    List<Alarm> again = disturbance.run(163, true).alarms;
    assertThat(again).isEqualTo(once);
  }

  @ParameterizedTest
  @EnumSource(
      value = Disturbances.class,
      names = {"JUMP", "DRIFT", "NORMS_DOUBLE", "ONE_LAYER_DOUBLES", "NAN_FOR_GOOD", "SCALE_FALLS"})
  void aPageNamesTheLastCheckpointBeforeItsOnsetAndRollsBackThere(Disturbances disturbance) {
    Alarm page =
        disturbance.run(167, true).alarms.stream()
            .filter(alarm -> alarm.severity() == Severity.CRITICAL)
            .findFirst()
            .orElseThrow();
    assertThat(page.checkpoint()).isNotNull();
    assertThat(page.checkpoint().step()).isBetween(page.onsetStep() - 250, page.onsetStep());
    assertThat(page.actions())
        .filteredOn(action -> action.action() == ActionKind.ROLL_BACK)
        .extracting(Alarm.SuggestedAction::value)
        .containsExactly((double) page.checkpoint().step());
  }

  @Test
  void everyKindThatCoreSeesIsAmongThem() {
    Set<AlarmKind> seen = EnumSet.noneOf(AlarmKind.class);
    Set<AlarmKind> byCore =
        EnumSet.complementOf(EnumSet.of(AlarmKind.SILENCE, AlarmKind.FLEET_INCIDENT));
    for (Disturbances disturbance : Disturbances.values()) {
      disturbance.run(173, false).opened().forEach(alarm -> seen.add(alarm.kind()));
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(byCore);
  }
}
