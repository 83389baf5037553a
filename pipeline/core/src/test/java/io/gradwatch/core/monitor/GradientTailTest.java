package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.SuggestedAction;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Histograms of |gradient| whose tail reaches out while the norm shows nothing. */
class GradientTailTest {
  private static final int COMPONENTS = 20_000;

  private final Trainings training = Trainings.watchedBy(AlarmKind.GRADIENT_SPIKE, 31);
  private final Random random = new Random(32);

  /** Normal components of a scale, some of them a hundred times larger. */
  private Log2Histogram histogram(double scale, int large) {
    long[] counts = new long[60];
    for (int i = 0; i < COMPONENTS; i++) {
      double factor = i < large ? 100 : 1;
      double magnitude = Math.abs(random.nextGaussian()) * scale * factor;
      counts[Math.max(0, Math.getExponent(magnitude) + 40)]++;
    }
    return new Log2Histogram(-40, counts, 10, 0);
  }

  private Observation step(double scale, int large) {
    return training.healthy().setHistogram(histogram(scale, large));
  }

  private void quiet(int steps) {
    for (int i = 0; i < steps; i++) {
      training.observe(step(1e-3, 0));
    }
  }

  @Test
  void aTailThatReachesOutWarnsOnceAndNamesWhereItUsuallyEnds() {
    quiet(200);
    training.observe(step(1e-3, 100));
    assertThat(training.opened()).hasSize(1);
    Alarm alarm = training.opened().get(0);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.summary()).startsWith("The largest thousandth").doesNotContain("norm");
    // Quantiles of |z|: half of it below 0.6745, all but a thousandth below 3.2905; buckets of a
    // factor of two tell their ratio to within a fifth.
    assertThat(Trainings.evidence(alarm, "grad_tail_ratio_baseline")).isCloseTo(4.88, within(1.0));
    assertThat(Trainings.evidence(alarm, "grad_tail_ratio")).isGreaterThan(50);
    SuggestedAction clip =
        alarm.actions().stream()
            .filter(action -> action.action() == ActionKind.CLIP_BY_VALUE)
            .findFirst()
            .orElseThrow();
    // 3.2905e-3 lies between 2^-9 and 2^-8.
    assertThat(clip.value()).isEqualTo(Math.scalb(1.0, -8));
    assertThat(clip.text()).contains("2^-8");
  }

  @Test
  void aTailAndANormThatJumpTogetherAreToldTogether() {
    quiet(200);
    training.observe(step(1e-3, 100).set(Scalar.GRAD_NORM, 50));
    assertThat(training.opened()).hasSize(1);
    assertThat(training.opened().get(0).summary())
        .startsWith("The gradient norm jumped")
        .contains("The largest thousandth");
    assertThat(Trainings.evidence(training.opened().get(0), "grad_norm")).isEqualTo(50);
  }

  @Test
  void aGradientThatIsLargerAsAWholeIsNoTail() {
    quiet(200);
    training.observe(step(1, 0));
    quiet(30);
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void quietHistogramsSayNothing() {
    quiet(3_000);
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void nothingIsJudgedUntilTheLevelIsKnownAlsoAfterAnotherBatchSize() {
    quiet(Trend.LEARNING - 1);
    training.observe(step(1e-3, 100));
    quiet(200);
    for (int i = 0; i < Trend.LEARNING; i++) {
      training.observe(step(1e-3, 0).set(Scalar.BATCH_SIZE, 64));
    }
    for (int i = 0; i < Trend.LEARNING; i++) {
      training.observe(step(1e-3, 100).set(Scalar.BATCH_SIZE, 8));
    }
    assertThat(training.alarms).isEmpty();
  }

  @Test
  void theBoundIsWithoutTheLossScale() {
    training.state.normScaled = true;
    for (int i = 0; i < 200; i++) {
      training.observe(step(1e-3 * 1024, 0).set(Scalar.LOSS_SCALE, 1024));
    }
    training.observe(step(1e-3 * 1024, 100).set(Scalar.LOSS_SCALE, 1024));
    assertThat(training.opened().get(0).actions())
        .filteredOn(action -> action.action() == ActionKind.CLIP_BY_VALUE)
        .extracting(SuggestedAction::value)
        .containsExactly(Math.scalb(1.0, -8));
  }

  @Test
  void histogramsOfZerosAloneChangeNothing() {
    quiet(100);
    RunState before = training.state.copy();
    training.observe(
        new Observation().setHistogram(new Log2Histogram(-40, new long[60], COMPONENTS, 0)));
    assertThat(training.alarms).isEmpty();
    assertThat(training.state.memory.of(AlarmKind.GRADIENT_SPIKE, 1))
        .isEqualTo(before.memory.of(AlarmKind.GRADIENT_SPIKE, 1));
  }

  @Test
  void theShortEndOfAnEpochForgetsNothing() {
    for (int i = 0; i < 200; i++) {
      training.observe(step(1e-3, 0).set(Scalar.BATCH_SIZE, i % 10 == 9 ? 48 : 64));
    }
    training.observe(step(1e-3, 100).set(Scalar.BATCH_SIZE, 64));
    assertThat(training.opened()).hasSize(1);
  }
}
