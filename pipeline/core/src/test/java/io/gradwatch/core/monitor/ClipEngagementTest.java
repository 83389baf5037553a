package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.clip.AdviceUse;
import io.gradwatch.core.clip.ClipStatistics;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import org.junit.jupiter.api.Test;

class ClipEngagementTest {
  private final Trainings training = new Trainings(61);

  private ClipStatistics newest() {
    return training.statistics.get(training.statistics.size() - 1).clip();
  }

  private Observation norm(double norm) {
    return training.healthy().set(Scalar.GRAD_NORM, norm);
  }

  private double told() {
    return training.state.advice.threshold();
  }

  @Test
  void tellsWhatAdviceThatNobodyFollowsWouldHaveDone() {
    long clipped = 0;
    double excess = 0;
    for (int i = 0; i < 1_000; i++) {
      double norm = i % 10 == 9 ? 8 : 1 + 0.1 * training.noise();
      double before = told();
      clipped += norm > before ? 1 : 0;
      excess += norm > before ? StrictMath.log(norm / before) : 0;
      training.observe(norm(norm));
    }
    ClipStatistics clip = newest();
    assertThat(clip.advised().steps()).as("all but the first").isEqualTo(999);
    assertThat(clip.advised().clipped()).isEqualTo(clipped).isBetween(100L, 400L);
    assertThat(clip.advised().share()).isCloseTo(clipped / 999.0, within(0.1));
    assertThat(clip.advised().factor())
        .isGreaterThan(1)
        .isCloseTo(StrictMath.exp(excess / clipped), within(2.0));
    assertThat(clip.advisedThreshold()).isEqualTo(told());
    assertThat(clip.use()).isEqualTo(AdviceUse.UNKNOWN);
    assertThat(clip.applied().steps()).isZero();
    assertThat(clip.applied().share()).isNaN();
    assertThat(clip.appliedThreshold()).isNaN();
  }

  @Test
  void judgesAStepByWhatWasToldBeforeIt() {
    training.observe(norm(1));
    double before = told();
    training.observe(norm(1_000 * before));
    training.healthySteps(48);
    assertThat(newest().advised().steps()).isEqualTo(49);
    assertThat(newest().advised().clipped()).isPositive();
    assertThat(training.statistics).hasSize(1);
  }

  @Test
  void tellsWhatTheThresholdAppliedDoes() {
    for (int i = 0; i < 500; i++) {
      training.observe(norm(i % 4 == 0 ? 2 : 0.5).set(Scalar.CLIP_THRESHOLD, 1));
    }
    ClipStatistics clip = newest();
    assertThat(clip.applied().steps()).isEqualTo(500);
    assertThat(clip.applied().clipped()).isEqualTo(125);
    assertThat(clip.applied().share()).isCloseTo(0.25, within(0.01));
    assertThat(clip.applied().factor()).isCloseTo(2, within(1e-9));
    assertThat(clip.appliedThreshold()).isEqualTo(1);
  }

  @Test
  void countsNormsThatAreNotFiniteApartAndSkippedUpdatesNotAtAll() {
    training.healthySteps(40);
    training.observe(norm(Double.NaN).set(Scalar.CLIP_THRESHOLD, 1));
    training.observe(norm(Double.POSITIVE_INFINITY).set(Scalar.UPDATE_SKIPPED, 1));
    training.observe(new Observation().set(Scalar.LOSS, 2));
    training.healthySteps(57);
    assertThat(newest().advised().nonfinite()).isEqualTo(1);
    assertThat(newest().advised().steps()).isEqualTo(96);
    assertThat(newest().applied().nonfinite()).isEqualTo(1);
  }

  @Test
  void saysThatATrainerFollowsLate() {
    double[] lagged = new double[300];
    for (int i = 0; i < 300; i++) {
      Observation step = norm(StrictMath.exp(i / 150.0 + 0.1 * training.noise()));
      lagged[i] = told();
      if (i >= 10 && lagged[i - 10] > 0) {
        step.set(Scalar.CLIP_THRESHOLD, lagged[i - 10]);
      }
      training.observe(step);
      if (i > 40) {
        assertThat(training.state.engagement.application().use(i)).isEqualTo(AdviceUse.FOLLOWED);
      }
    }
    assertThat(newest().use()).isEqualTo(AdviceUse.FOLLOWED);
    assertThat(newest().appliedThreshold()).isPositive();
  }

  @Test
  void takesTheTrainersWordOnWhatItApplied() {
    training.healthySteps(60);
    training.send(60, new RunEvent.AdviceApplied(told(), told() / 2, 59));
    training.healthySteps(40);
    assertThat(newest().use()).isEqualTo(AdviceUse.BOUNDED);
    assertThat(newest().appliedThreshold()).isCloseTo(told() / 2, within(0.5));
    assertThat(training.state.copy().engagement.application().madeAtStep()).isEqualTo(59);
  }
}
