package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Healthy losses and norms of unusual shape, every detector on, and what is lost among them. */
class OddLossesTest {
  private final Trainings training = new Trainings(109);

  private void losses(int count, IntToDoubleFunction loss) {
    for (int i = 0; i < count; i++) {
      training.observe(training.healthy().set(Scalar.LOSS, loss.applyAsDouble(i)));
    }
  }

  private List<Alarm> pages() {
    return training.alarms.stream().filter(alarm -> alarm.severity() == Severity.CRITICAL).toList();
  }

  private void isQuiet() {
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  private void isLostWithin(int steps, IntToDoubleFunction loss) {
    long before = training.step;
    losses(steps, loss);
    assertThat(pages()).isNotEmpty();
    assertThat(pages().get(0).openedStep()).isGreaterThanOrEqualTo(before);
  }

  @Test
  void regressionLossesOfTenThousandAreLikeAnyOther() {
    losses(1_500, i -> 1e4 * StrictMath.exp(-i / 300.0 + 0.05 * training.noise()) + 40);
    isQuiet();
    isLostWithin(20, i -> 5e3 * StrictMath.exp(0.05 * training.noise()));
  }

  @Test
  void grokkingRaisesNothing() {
    for (int i = 0; i < 4_000; i++) {
      // Long learnt by heart, then the weights fall into place: norms rise while that happens.
      double loss = i < 500 ? 3 * StrictMath.exp(-i / 100.0) : 3 * StrictMath.exp(-5);
      double slip = StrictMath.exp(-StrictMath.pow((i - 2_500) / 120.0, 2));
      training.observe(
          new Observation()
              .set(Scalar.LOSS, loss * StrictMath.exp(0.05 * training.noise()) + 0.001)
              .set(Scalar.GRAD_NORM, (0.2 + 0.5 * slip) * StrictMath.exp(0.2 * training.noise()))
              .set(Scalar.LEARNING_RATE, 1e-3));
    }
    assertThat(pages()).extracting(Alarm::summary).isEmpty();
    assertThat(training.opened()).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void tinyBatchesWithHeavyTailedNormsDoNotPage(long seed) {
    Trainings tiny = new Trainings(seed);
    for (int i = 0; i < 5_000; i++) {
      double tail = StrictMath.exp(0.8 * tiny.noise());
      tiny.observe(
          new Observation()
              .set(Scalar.LOSS, 2 * StrictMath.exp(-i / 4_000.0 + 0.4 * tiny.noise()))
              .set(Scalar.GRAD_NORM, tail)
              .set(Scalar.LEARNING_RATE, 1e-3));
    }
    assertThat(tiny.alarms)
        .filteredOn(alarm -> alarm.severity() == Severity.CRITICAL)
        .extracting(Alarm::summary)
        .isEmpty();
    assertThat(tiny.opened()).extracting(Alarm::summary).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void aGeneratorsLossWandersThroughZeroAndRaisesNothing() {
    losses(
        3_000,
        i ->
            0.5 * StrictMath.sin(i / 150.0)
                + 0.2 * StrictMath.sin(i / 37.0)
                + 0.3 * training.noise());
    assertThat(pages()).extracting(Alarm::summary).isEmpty();
    assertThat(training.opened()).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void aPolicyGradientsLossIsNeitherMonotoneNorPositiveAndStillCanBeLost() {
    losses(2_000, i -> -0.02 + 0.05 * training.noise() + 0.01 * StrictMath.sin(i / 60.0));
    isQuiet();
    isLostWithin(20, i -> 3 + 0.05 * training.noise());
  }

  @ParameterizedTest(name = "{0} digits after the point")
  @ValueSource(ints = {1, 2, 4})
  void roundedLossesAreJudgedLikeOthers(int digits) {
    double unit = StrictMath.pow(10, -digits);
    losses(
        2_000,
        i -> {
          double loss = 2 * StrictMath.exp(-i / 900.0) + 0.3;
          return Math.rint(loss * StrictMath.exp(0.01 * training.noise()) / unit) * unit;
        });
    isQuiet();
    isLostWithin(20, i -> Math.rint((1.5 + 0.02 * training.noise()) / unit) * unit);
  }

  @Test
  void aLossThatIsLearntToZeroRaisesNothing() {
    losses(2_000, i -> Math.rint(1e4 * StrictMath.exp(-i / 60.0)) / 1e4);
    assertThat(pages()).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest(name = "times {0} a step")
  @ValueSource(doubles = {1.5, 2, 4, 10})
  void aRunThatExplodesInItsFirstTenStepsPages(double factor) {
    for (int i = 0; i < 12; i++) {
      double growth = StrictMath.pow(factor, Math.max(0, i - 3));
      training.observe(
          new Observation().set(Scalar.LOSS, 2.3 * growth).set(Scalar.GRAD_NORM, growth * growth));
    }
    assertThat(pages()).isNotEmpty();
    Alarm page = pages().get(0);
    assertThat(page.step()).isLessThan(12);
    assertThat(page.onsetStep()).isBetween(2L, 6L);
    assertThat(page.summary()).doesNotContain("NaN");
  }

  @Test
  void theFirstStepsOfAHealthyRunMayBeRough() {
    for (int i = 0; i < 300; i++) {
      double start = StrictMath.exp(-i / 4.0);
      training.observe(
          new Observation()
              .set(Scalar.LOSS, 2.3 + 0.6 * start * StrictMath.sin(2.0 * i) - i / 1_000.0)
              .set(Scalar.GRAD_NORM, 1 + 2 * start));
    }
    assertThat(pages()).extracting(Alarm::summary).isEmpty();
  }
}
