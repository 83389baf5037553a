package io.gradwatch.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static Throwable refused(AlarmKind kind, String name, double value) {
    return catchThrowable(() -> Policy.of(Settings.NONE.with(kind, name, value)));
  }

  @Test
  void aBadSettingIsRefusedWithNameValueAndBound() {
    assertThat(refused(AlarmKind.EXPLODING_GRADIENT, "rise", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rise is -1, it must be above 0");
    assertThat(refused(AlarmKind.NON_FINITE, "persistence", 0))
        .hasMessageContaining("persistence is 0, it must be from 1 to 1000");
    assertThat(refused(AlarmKind.LOSS_SPIKE, "spreads", 0))
        .hasMessageContaining("spreads is 0, it must be above 0");
    assertThat(refused(AlarmKind.GRADIENT_SPIKE, "rise", 100.5))
        .hasMessageContaining("rise is 100.5, it must be from 0 to 100");
  }

  @Test
  void nanIsNoSetting() {
    assertThat(refused(AlarmKind.LOSS_SPIKE, "spreads", Double.NaN)).hasMessageContaining("NaN");
    assertThat(refused(AlarmKind.DIVERGENCE, "rise", Double.NaN)).hasMessageContaining("rise");
    assertThatThrownBy(() -> new PublishedClip.Fixed(Double.NaN))
        .hasMessageContaining("clip.fixed_threshold");
  }

  @Test
  void severityIsHeldToWhatIsAllowed() {
    assertThat(DetectorSwitch.WARNING.of(Severity.CRITICAL)).isEqualTo(Severity.WARNING);
    assertThat(DetectorSwitch.CRITICAL.of(Severity.WARNING)).isEqualTo(Severity.WARNING);
  }

  @Test
  void aSeverityAboveADetectorsOwnLiftsItsGravestAlarms() {
    DetectorSwitch lifted =
        Policy.of(Settings.NONE.with(AlarmKind.DEAD_LAYER, Severity.CRITICAL))
            .deadLayer()
            .detector();

    assertThat(lifted.of(Severity.WARNING)).isEqualTo(Severity.CRITICAL);
    assertThat(lifted.of(Severity.INFO)).isEqualTo(Severity.INFO);
  }

  @Test
  void noPolicyHasTheLeastUpdateRatioAboveTheMost() {
    assertThat(refused(AlarmKind.FROZEN_UPDATES, "least", 0.1))
        .hasMessageContaining("least is 0.1, it must be from 0 to 0.01");
    assertThat(refused(AlarmKind.FROZEN_UPDATES, "most", 1e-3))
        .hasMessageContaining("most is 0.001, it must be from 0.01");
  }

  @Test
  void nothingSetIsTheDefault() {
    assertThat(Policy.of(Settings.NONE)).isEqualTo(Policy.defaults());
  }

  @Test
  void whatIsSetIsSetAndTheRestIsTheDefault() {
    Settings settings =
        Settings.NONE
            .with(AlarmKind.DIVERGENCE, "jump_spreads", 11)
            .with(AlarmKind.DIVERGENCE, Severity.WARNING)
            .with(AlarmKind.LOSS_SPIKE, false)
            .withClip("validity_steps", 500);

    Policy policy = Policy.of(settings);

    DivergencePolicy divergence = Policy.defaults().divergence();
    assertThat(policy.divergence())
        .isEqualTo(
            new DivergencePolicy(
                DetectorSwitch.WARNING,
                divergence.overshoot(),
                divergence.overshootPersistence(),
                11,
                divergence.held(),
                divergence.jumpPersistence(),
                divergence.driftSpreads(),
                divergence.driftPersistence(),
                divergence.rise(),
                divergence.creep(),
                divergence.creepSpreads(),
                divergence.creepPersistence()));
    assertThat(policy.lossSpike().detector().enabled()).isFalse();
    assertThat(policy.clip().validitySteps()).isEqualTo(500);
    assertThat(policy.explodingGradient()).isEqualTo(Policy.defaults().explodingGradient());
  }

  @Test
  void allThatIsWrongIsSaidAtOnceWithTheNameThatMayHaveBeenMeant() {
    Settings settings =
        Settings.NONE
            .withFalsePageInterval(999)
            .with(AlarmKind.DIVERGENCE, "jump_spread", 9)
            .with(AlarmKind.DIVERGENCE, "jump_persistence", 2.5)
            .with(AlarmKind.EXPLODING_GRADIENT, "spreads", -1)
            .withClip("colour", 1);

    assertThatThrownBy(() -> Policy.of(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .hasLineCount(5)
        .contains(
            "false_page_interval_steps is 999, it must be from 1000 to 100000000",
            "detectors.EXPLODING_GRADIENT.spreads is -1, it must be above 0",
            "detectors.DIVERGENCE.jump_spread is no setting; did you mean jump_spreads?",
            "detectors.DIVERGENCE.jump_persistence is 2.5, it must be a whole number",
            "clip.colour is no setting; known are headroom, tightness, dead_band, raise, raise_interval_steps,"
                + " validity_steps, learning_rate_factor");
  }
}
