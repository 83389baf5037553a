package io.gradwatch.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingChangesTest {
  private static final Settings SOME =
      Settings.NONE
          .withFalsePageInterval(1e6)
          .with(AlarmKind.DIVERGENCE, Severity.WARNING)
          .with(AlarmKind.DIVERGENCE, true)
          .with(AlarmKind.DIVERGENCE, "rise", 2)
          .withClip("raise", 3)
          .withClip(ClipRuleKind.ZCLIP);

  @ParameterizedTest
  @ValueSource(strings = {"fleet/default", "project/vision", "run/vision/a: {b}/\u0007"})
  void setsWhatAPolicyFileSets(String key) {
    assertThat(SettingChanges.assigned(key, "detectors.DIVERGENCE.severity=WARNING"))
        .isEqualTo(Settings.NONE.with(AlarmKind.DIVERGENCE, Severity.WARNING));
    assertThat(SettingChanges.assigned(key, "false_page_interval_steps=1e6"))
        .isEqualTo(Settings.NONE.withFalsePageInterval(1e6));
    assertThat(SettingChanges.assigned(key, "clip.layers=false"))
        .isEqualTo(Settings.NONE.withClip("layers", 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clip.raise=0                       | clip.raise is 0, it must be above 0",
        "clip.raise                         | must be SETTING=VALUE",
        "clip.raise=                        | must be SETTING=VALUE",
        "clip.raise=1}                      | must be SETTING=VALUE",
        "clip.rais=1                        | did you mean raise?",
        "detectors.DIVERGENCE=1             | must be names with values",
        "detectors.DIVERGENCE.severity=LOUD | it must be INFO, WARNING or CRITICAL",
        "detectors.FLEET_INCIDENT.runs=3    | it must stand under the fleet",
        "rules.x=1                          | is no rule",
      })
  void saysWhatIsWrongByTheRulesOfAFile(String assignment, String reason) {
    assertThatThrownBy(() -> SettingChanges.assigned("project/vision", assignment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void takesBackOneSettingOrAllOfADetector() {
    assertThat(SettingChanges.without(SOME, "detectors.DIVERGENCE.rise"))
        .isEqualTo(
            Settings.NONE
                .withFalsePageInterval(1e6)
                .with(AlarmKind.DIVERGENCE, Severity.WARNING)
                .with(AlarmKind.DIVERGENCE, true)
                .withClip("raise", 3)
                .withClip(ClipRuleKind.ZCLIP));
    assertThat(
            SettingChanges.without(
                SettingChanges.without(
                    SettingChanges.without(SOME, "detectors.DIVERGENCE"), "clip"),
                "false_page_interval_steps"))
        .isEqualTo(Settings.NONE);
    assertThatThrownBy(() -> SettingChanges.without(SOME, "clip.headroom"))
        .hasMessageContaining("clip.headroom is not set there; set are clip.raise, clip.rule");
  }
}
