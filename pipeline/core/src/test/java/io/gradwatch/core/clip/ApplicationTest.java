package io.gradwatch.core.clip;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.signal.RunEvent.AdviceApplied;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationTest {
  private static final int LAG = Application.LAG_STEPS;

  private final Application application = new Application();

  @Test
  void isNotKnownBeforeAnythingWasToldOrApplied() {
    assertThat(application.use(0)).isEqualTo(AdviceUse.UNKNOWN);
    assertThat(application.threshold()).isNaN();
    assertThat(application.madeAtStep()).isEqualTo(-1);
    application.observe(1.0);
    assertThat(application.threshold()).isEqualTo(1.0);
    assertThat(application.use(1_000)).as("nothing was told").isEqualTo(AdviceUse.UNKNOWN);
  }

  @Test
  void isNotKnownOfATrainerThatNeverSaysWhatItApplies() {
    application.tell(10, 2.0);
    application.observe(Double.NaN);
    assertThat(application.use(1_000)).isEqualTo(AdviceUse.UNKNOWN);
  }

  @Test
  void isFollowedWhereTheAppliedThresholdIsTheToldOne() {
    application.tell(10, 2.0);
    application.observe(2.0);
    assertThat(application.use(11)).isEqualTo(AdviceUse.FOLLOWED);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.2345678f, 1.235, 1.2346})
  void roundingIsNoOtherThreshold(double rounded) {
    application.tell(10, 1.23456789);
    application.observe(rounded);
    assertThat(application.use(1_000)).isEqualTo(AdviceUse.FOLLOWED);
  }

  @Test
  void anotherThresholdIsIgnoringOnceTheAdviceHadTimeToArrive() {
    application.tell(10, 2.0);
    application.observe(1.0);
    assertThat(application.use(10 + LAG)).isEqualTo(AdviceUse.UNKNOWN);
    assertThat(application.use(11 + LAG)).isEqualTo(AdviceUse.IGNORED);
  }

  @Test
  void theThresholdBeforeIsFollowedForTheLagAndNotAfter() {
    application.tell(10, 2.0);
    application.tell(100, 1.0);
    application.observe(2.0);
    assertThat(application.use(100 + LAG)).isEqualTo(AdviceUse.FOLLOWED);
    assertThat(application.use(101 + LAG)).isEqualTo(AdviceUse.IGNORED);
  }

  @Test
  void followsThreeChangesLateWithinTheLag() {
    application.tell(100, 4.0);
    application.tell(101, 3.0);
    application.tell(102, 2.0);
    application.tell(103, 1.0);
    application.observe(4.0);
    assertThat(application.use(103)).isEqualTo(AdviceUse.FOLLOWED);
    assertThat(application.use(102 + LAG)).isEqualTo(AdviceUse.IGNORED);
  }

  @Test
  void isBoundedWhereTheTrainerTookItAndAppliesItsOwnBound() {
    application.tell(10, 5.0);
    application.observe(new AdviceApplied(5.0, 2.0, 10));
    assertThat(application.use(1_000)).isEqualTo(AdviceUse.BOUNDED);
    assertThat(application.threshold()).isEqualTo(2.0);
    assertThat(application.madeAtStep()).isEqualTo(10);
    application.observe(2.0);
    assertThat(application.use(1_001)).isEqualTo(AdviceUse.BOUNDED);
    application.observe(3.0);
    assertThat(application.use(1_002)).as("a third threshold").isEqualTo(AdviceUse.IGNORED);
  }

  @Test
  void aTrainerThatAppliesNoneIgnoresTheAdvice() {
    application.tell(10, 5.0);
    application.observe(new AdviceApplied(5.0, Double.NaN, 10));
    assertThat(application.use(1_000)).isEqualTo(AdviceUse.IGNORED);
    assertThat(application.threshold()).isNaN();
  }

  @Test
  void anotherAttemptBeginsWithNothingKnown() {
    application.tell(10, 5.0);
    application.observe(new AdviceApplied(5.0, 5.0, 10));
    application.beginAttempt();
    assertThat(application.use(1_000)).isEqualTo(AdviceUse.UNKNOWN);
    assertThat(application.threshold()).isNaN();
    assertThat(application.madeAtStep()).isEqualTo(-1);
    application.tell(1_000, 5.0);
    application.observe(5.0);
    assertThat(application.use(1_001)).isEqualTo(AdviceUse.FOLLOWED);
  }
}
