package io.gradwatch.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.AlarmKind;
import org.junit.jupiter.api.Test;

class FalsePagesTest {
  @Test
  void nothingSetIsTheDefaultInterval() {
    assertThat(FalsePages.factor(null)).isEqualTo(1);
    assertThat(FalsePages.factor(FalsePages.N_DEFAULT)).isEqualTo(1);
    assertThat(Policy.of(Settings.NONE.withFalsePageInterval(FalsePages.N_DEFAULT)))
        .isEqualTo(Policy.defaults());
  }

  @Test
  void thresholdsGrowWithTheLogarithmOfTheInterval() {
    assertThat(FalsePages.factor(FalsePages.N_DEFAULT * Math.E))
        .isCloseTo(1 + FalsePages.SLOPE, within(1e-12));
    assertThat(FalsePages.factor(FalsePages.N_DEFAULT / Math.E))
        .isCloseTo(1 - FalsePages.SLOPE, within(1e-12));
  }

  @Test
  void theFactorStaysWithinWhatWasMeasured() {
    assertThat(FalsePages.factor(Double.MIN_NORMAL)).isEqualTo(0.4);
    assertThat(FalsePages.factor(Double.MAX_VALUE)).isEqualTo(1.4);
  }

  @Test
  void intervalsAreBoundedOnBothSides() {
    assertThat(SettingsCatalog.problems(Settings.NONE.withFalsePageInterval(1_000))).isEmpty();
    assertThat(SettingsCatalog.problems(Settings.NONE.withFalsePageInterval(1e8))).isEmpty();
    for (double steps : new double[] {999, 1e8 + 1, Double.NaN, Double.POSITIVE_INFINITY, -1}) {
      assertThat(SettingsCatalog.problems(Settings.NONE.withFalsePageInterval(steps)))
          .singleElement()
          .extracting(SettingProblem::path)
          .isEqualTo("false_page_interval_steps");
    }
  }

  @Test
  void thresholdsOfPagesFollowUnlessTheyAreSet() {
    Settings rare = Settings.NONE.withFalsePageInterval(2 * FalsePages.N_DEFAULT);
    double factor = 1 + FalsePages.SLOPE * Math.log(2);

    DivergencePolicy standard = Policy.defaults().divergence();
    DivergencePolicy followed = Policy.of(rare).divergence();
    DivergencePolicy set =
        Policy.of(rare.with(AlarmKind.DIVERGENCE, "jump_spreads", 5)).divergence();

    assertThat(followed.jumpSpreads()).isCloseTo(standard.jumpSpreads() * factor, within(1e-9));
    assertThat(followed.driftSpreads()).isCloseTo(standard.driftSpreads() * factor, within(1e-9));
    assertThat(followed.rise()).isEqualTo(standard.rise());
    assertThat(set.jumpSpreads()).isEqualTo(5);
    assertThat(set.driftSpreads()).isEqualTo(followed.driftSpreads());
  }
}
