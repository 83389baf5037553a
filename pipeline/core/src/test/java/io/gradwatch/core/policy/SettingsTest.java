package io.gradwatch.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void theNearerWinsFieldByField() {
    Settings fleet =
        Settings.NONE
            .withFalsePageInterval(10_000)
            .with(AlarmKind.DIVERGENCE, "jump_spreads", 8)
            .with(AlarmKind.DIVERGENCE, "rise", 0.2)
            .with(AlarmKind.DIVERGENCE, Severity.WARNING)
            .withClip(ClipRuleKind.FIXED)
            .withClip("raise", 0.5)
            .withClip("headroom", 1);
    Settings project =
        Settings.NONE
            .with(AlarmKind.DIVERGENCE, "jump_spreads", 9)
            .with(AlarmKind.DIVERGENCE, false)
            .withClip("raise", 0.1);

    Settings both = project.over(fleet);

    assertThat(both.falsePageIntervalSteps()).isEqualTo(10_000);
    assertThat(both.detector(AlarmKind.DIVERGENCE).enabled()).isFalse();
    assertThat(both.detector(AlarmKind.DIVERGENCE).severity()).isEqualTo(Severity.WARNING);
    assertThat(both.detector(AlarmKind.DIVERGENCE).thresholds())
        .containsEntry("jump_spreads", 9.0)
        .containsEntry("rise", 0.2);
    assertThat(both.clipRule()).isEqualTo(ClipRuleKind.FIXED);
    assertThat(Settings.NONE.withClip(ClipRuleKind.ZCLIP).over(both).clipRule())
        .isEqualTo(ClipRuleKind.ZCLIP);
    assertThat(both.clip()).containsEntry("raise", 0.1).containsEntry("headroom", 1.0);
  }

  @Test
  void nothingSetChangesNothing() {
    Settings fleet = Settings.NONE.with(AlarmKind.DIVERGENCE, true).withFalsePageInterval(1e6);

    assertThat(Settings.NONE.over(fleet)).isEqualTo(fleet);
    assertThat(fleet.over(Settings.NONE)).isEqualTo(fleet);
  }
}
