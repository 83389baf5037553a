package io.gradwatch.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.alarm.Severity;
import org.junit.jupiter.api.Test;

class PolicyTest {
  @Test
  void aBadSettingIsRefusedWithNameValueAndBound() {
    assertThatThrownBy(() -> new GrowthPolicy(DetectorSwitch.CRITICAL, -1, 3, 6, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("exploding_gradient.rise is -1.0, it must be finite and above 0.0");
    assertThatThrownBy(() -> new NonFinitePolicy(DetectorSwitch.CRITICAL, 0, 40))
        .hasMessageContaining("non_finite.persistence is 0.0, it must be from 1.0 to 1000.0");
  }

  @Test
  void nanIsNoSetting() {
    assertThatThrownBy(() -> new SpikePolicy(DetectorSwitch.WARNING, Double.NaN, 0.3))
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
}
