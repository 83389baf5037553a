package io.gradwatch.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import org.junit.jupiter.api.Test;

class PolicyTest {
  @Test
  void aBadSettingIsRefusedWithNameValueAndBound() {
    assertThatThrownBy(() -> new GrowthPolicy(DetectorSwitch.CRITICAL, -1, 3, 6, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("exploding_gradient.rise is -1, it must be above 0");
    assertThatThrownBy(() -> new NonFinitePolicy(DetectorSwitch.CRITICAL, 0, 40))
        .hasMessage("non_finite.persistence is 0, it must be from 1 to 1000");
    assertThatThrownBy(() -> new SpikePolicy(AlarmKind.LOSS_SPIKE, DetectorSwitch.WARNING, 0, 0.3))
        .hasMessage("loss_spike.spreads is 0, it must be above 0");
    assertThatThrownBy(
            () -> new SpikePolicy(AlarmKind.GRADIENT_SPIKE, DetectorSwitch.WARNING, 1, 100.5))
        .hasMessage("gradient_spike.rise is 100.5, it must be from 0 to 100");
  }

  @Test
  void nanIsNoSetting() {
    assertThatThrownBy(
            () -> new SpikePolicy(AlarmKind.LOSS_SPIKE, DetectorSwitch.WARNING, Double.NaN, 0.3))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new DivergencePolicy(DetectorSwitch.CRITICAL, 7, 2, Double.NaN, 10))
        .hasMessageContaining("divergence.rise");
    assertThatThrownBy(() -> new ClipPolicy(0.7, Double.NaN, 0.25, 10, 1_000, 0.5))
        .hasMessageContaining("clip.dead_band");
  }

  @Test
  void severityIsHeldToWhatIsAllowed() {
    assertThat(DetectorSwitch.WARNING.hold(Severity.CRITICAL)).isEqualTo(Severity.WARNING);
    assertThat(DetectorSwitch.CRITICAL.hold(Severity.WARNING)).isEqualTo(Severity.WARNING);
  }

  @Test
  void nothingSetIsTheDefault() {
    assertThat(Policy.of(Settings.NONE)).isEqualTo(Policy.defaults());
  }

  @Test
  void whatIsSetIsSetAndTheRestIsTheDefault() {
    Settings settings =
        Settings.NONE
            .with(AlarmKind.DIVERGENCE, "jump_spreads", 9)
            .with(AlarmKind.DIVERGENCE, Severity.WARNING)
            .with(AlarmKind.LOSS_SPIKE, false)
            .withClip("validity_steps", 500);

    Policy policy = Policy.of(settings);

    DivergencePolicy divergence = Policy.defaults().divergence();
    assertThat(policy.divergence())
        .isEqualTo(
            new DivergencePolicy(
                new DetectorSwitch(true, Severity.WARNING),
                9,
                divergence.driftSpreads(),
                divergence.rise(),
                divergence.persistence()));
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
            .with(AlarmKind.DIVERGENCE, "persistence", 2.5)
            .with(AlarmKind.EXPLODING_GRADIENT, "spreads", -1)
            .with(AlarmKind.SILENCE, true)
            .withClip("colour", 1);

    assertThatThrownBy(() -> Policy.of(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .hasLineCount(6)
        .contains(
            "false_page_interval_steps is 999, it must be from 1000 to 100000000",
            "detectors.EXPLODING_GRADIENT.spreads is -1, it must be above 0",
            "detectors.DIVERGENCE.jump_spread is no setting; did you mean jump_spreads?",
            "detectors.DIVERGENCE.persistence is 2.5, it must be a whole number",
            "detectors.SILENCE has no settings",
            "clip.colour is no setting; known are headroom, dead_band, raise, raise_interval_steps,"
                + " validity_steps, learning_rate_factor");
  }
}
