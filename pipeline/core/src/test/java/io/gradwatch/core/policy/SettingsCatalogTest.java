package io.gradwatch.core.policy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.alarm.AlarmKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SettingsCatalogTest {
  static final List<Setting> ALL = SettingsCatalog.all();

  @ParameterizedTest
  @FieldSource("ALL")
  void everySettingIsReachedByItsName(Setting setting) {
    double other = another(setting);

    assertThat(Policy.of(set(setting, other))).isNotEqualTo(Policy.defaults());
    assertThat(Policy.of(set(setting, setting.standard()))).isEqualTo(Policy.defaults());
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void everySettingIsRefusedJustBeyondItsBound(Setting setting) {
    Bound bound = setting.bound();
    double step = setting.whole() ? 1 : 1e-9;
    double lowest = bound.open() ? bound.least() + step : bound.least();

    assertThat(SettingsCatalog.problems(set(setting, lowest))).isEmpty();
    assertRefused(setting, bound.open() ? bound.least() : bound.least() - step);
    assertRefused(setting, Double.NaN);
    assertRefused(setting, Double.POSITIVE_INFINITY);
    if (Double.isFinite(bound.most())) {
      assertThat(SettingsCatalog.problems(set(setting, bound.most()))).isEmpty();
      assertRefused(setting, bound.most() + step);
    }
  }

  @Test
  void namesAreSnakeCaseAndOneDetectorHasNoNameTwice() {
    Set<String> paths = new HashSet<>();
    for (Setting setting : ALL) {
      assertThat(setting.name()).matches("[a-z][a-z0-9]*(_[a-z0-9]+)*");
      assertThat(paths.add(setting.path())).as(setting.path()).isTrue();
    }
  }

  @Test
  void noDetectorWithNumbersLacksASwitch() {
    assertThat(SettingsCatalog.detectors())
        .containsKeys(AlarmKind.NON_FINITE, AlarmKind.DIVERGENCE, AlarmKind.LOSS_SPIKE);
    assertThat(ALL)
        .allSatisfy(
            setting ->
                assertThat(setting.kind() == null ? AlarmKind.NON_FINITE : setting.kind())
                    .isIn(SettingsCatalog.detectors().keySet()));
  }

  @Test
  void aNameFarFromAllIsAnsweredWithAllThatAreKnown() {
    assertThat(NearestName.suggestion("JumpSpreads", List.of("jump_spreads", "rise")))
        .isEqualTo("; did you mean jump_spreads?");
    assertThat(NearestName.suggestion("colour", List.of("jump_spreads", "rise")))
        .isEqualTo("; known are jump_spreads, rise");
    assertThat(NearestName.suggestion("colour", List.of())).isEmpty();
  }

  @Test
  void aPersonReadsASwitchAsTrueOrFalseAndNumbersAsNumbers() {
    Setting layers = requireNonNull(SettingsCatalog.find(null, "layers"));
    assertThat(layers.allowed()).isEqualTo("true or false");
    assertThat(layers.text(1)).isEqualTo("true");
    assertThat(layers.text(0)).isEqualTo("false");
    Setting steps = requireNonNull(SettingsCatalog.find(null, "validity_steps"));
    assertThat(steps.allowed()).isEqualTo("from 10 to 1000000, whole");
    assertThat(steps.text(10)).isEqualTo("10");
    Setting raise = requireNonNull(SettingsCatalog.find(null, "raise"));
    assertThat(raise.allowed()).isEqualTo("above 0");
    assertThat(raise.text(1)).isEqualTo("1");
  }

  @Test
  void aClipRuleIsReachedByItsWordAndAnUnknownWordIsAnsweredWithAllAndTheNearest() {
    assertThat(Policy.defaults().clip().rule()).isEqualTo(ClipRuleKind.ADAPTIVE);
    for (ClipRuleKind kind : ClipRuleKind.values()) {
      assertThat(ClipRuleKind.of(kind.word())).isEqualTo(kind);
      assertThat(Policy.of(Settings.NONE.withClip(kind)).clip().rule()).isEqualTo(kind);
    }
    assertThat(ClipRuleKind.of("ZCLIP")).isNull();
    assertThat(ClipRuleKind.unknown("Zclp").toString())
        .isEqualTo(
            "clip.rule is Zclp, it must be one of adaptive, fixed, autoclip, quantile, zclip,"
                + " adagc; did you mean zclip?");
    assertThat(ClipRuleKind.unknown("something").toString()).endsWith("zclip, adagc");
  }

  private static void assertRefused(Setting setting, double value) {
    Settings settings = set(setting, value);
    assertThat(SettingsCatalog.problems(settings))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo(setting.path());
              assertThat(problem.reason())
                  .isEqualTo(
                      "is " + Bound.number(value) + ", it must be " + setting.bound().toString());
            });
    assertThatThrownBy(() -> Policy.of(settings)).hasMessageContaining(setting.path());
  }

  private static Settings set(Setting setting, double value) {
    AlarmKind kind = setting.kind();
    return kind == null
        ? Settings.NONE.withClip(setting.name(), value)
        : Settings.NONE.with(kind, setting.name(), value);
  }

  /** A value that is allowed and not the default. */
  private static double another(Setting setting) {
    double more = setting.standard() + (setting.whole() ? 1 : 0.001);
    double less = setting.standard() - (setting.whole() ? 1 : 0.001);
    return setting.bound().holds(more) ? more : less;
  }
}
