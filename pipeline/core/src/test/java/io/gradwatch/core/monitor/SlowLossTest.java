package io.gradwatch.core.monitor;

import static io.gradwatch.core.alarm.AlarmKind.DIVERGENCE;
import static io.gradwatch.core.alarm.AlarmKind.EXPLODING_GRADIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small rises that stay, and growth that takes long, every detector on. */
class SlowLossTest {
  private static final double LOSS = 2;
  private static final int QUIET = 600;

  private void losses(Trainings training, int count, double noise, IntToDoubleFunction factor) {
    for (int i = 0; i < count; i++) {
      training.observe(
          new Observation()
              .set(
                  Scalar.LOSS,
                  LOSS * factor.applyAsDouble(i) * StrictMath.exp(noise * training.noise()))
              .set(Scalar.GRAD_NORM, StrictMath.exp(0.1 * training.noise()))
              .set(Scalar.LEARNING_RATE, 1e-3));
    }
  }

  private void learn(Trainings training, double noise) {
    losses(training, QUIET, noise, i -> 1 + StrictMath.exp(-i / 40.0));
  }

  private static List<Alarm> divergences(Trainings training) {
    return training.opened().stream().filter(alarm -> alarm.kind() == DIVERGENCE).toList();
  }

  @ParameterizedTest(name = "seed {0}, noise {1}, over {2} steps")
  @CsvSource({
    "1, 0.005, 1",
    "2, 0.005, 500",
    "3, 0.01, 1",
    "4, 0.01, 1",
    "5, 0.01, 500",
    "6, 0.01, 500",
    "7, 0.01, 100",
    "8, 0.015, 1"
  })
  void aRiseOfTwoPercentThatStaysWarnsWithinThreeHundredSteps(long seed, double noise, int over) {
    Trainings training = new Trainings(seed);
    learn(training, noise);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
    losses(training, over, noise, i -> 1 + 0.02 * (i + 1) / over);
    losses(training, 300, noise, i -> 1.02);
    assertThat(divergences(training)).hasSize(1);
    Alarm alarm = divergences(training).get(0);
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.summary()).contains("creeps upwards");
    assertThat(Trainings.evidence(alarm, "loss_baseline")).isCloseTo(LOSS, within(0.01 * LOSS));
  }

  @ParameterizedTest(name = "seed {0}, gone after {1} steps")
  @CsvSource({"11, 20", "12, 60", "13, 100", "14, 100", "15, 100"})
  void aRiseOfTwoPercentThatIsGoneWithinAHundredStepsRaisesNothing(long seed, int lasts) {
    Trainings training = new Trainings(seed);
    learn(training, 0.01);
    losses(training, lasts, 0.01, i -> 1.02);
    losses(training, 500, 0.01, i -> 1);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void aLossThatStandsStillInItsNoiseRaisesNoDivergence(long seed) {
    Trainings training = new Trainings(seed);
    learn(training, 0.01);
    losses(training, 10_000, 0.01, i -> 1);
    assertThat(divergences(training)).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest(name = "doubling every {0} steps after {1} quiet ones")
  @CsvSource({
    "5, 100, 0.4",
    "20, 100, 0.25",
    "100, 100, 0.25",
    "300, 100, 0.25",
    "5, 800, 0.4",
    "20, 800, 0.25",
    "100, 800, 0.2",
    "300, 800, 0.2"
  })
  void normsThatDoubleFourTimesPageBeforeTheFifthWithTheirTimes(
      int doubling, int quiet, double tolerance) {
    Trainings training = new Trainings(31);
    losses(training, quiet, 0.02, i -> 1);
    for (int i = 0; i < 5 * doubling; i++) {
      training.observe(
          new Observation()
              .set(Scalar.LOSS, LOSS * StrictMath.exp(0.02 * training.noise()))
              .set(
                  Scalar.GRAD_NORM,
                  StrictMath.pow(2, (double) i / doubling)
                      * StrictMath.exp(0.1 * training.noise())));
    }
    List<Alarm> pages =
        training.opened().stream().filter(a -> a.severity() == Severity.CRITICAL).toList();
    assertThat(pages).extracting(Alarm::kind).containsExactly(EXPLODING_GRADIENT);
    Alarm page = pages.get(0);
    assertThat(page.step()).isLessThan(quiet + 5L * doubling);
    assertThat(page.onsetStep()).isBetween(quiet - 20L, quiet + 1L * doubling);
    assertThat(Trainings.evidence(page, "doubling_steps"))
        .isCloseTo(doubling, within(tolerance * doubling));
    double exact = doubling * (128 - (double) (page.step() - quiet) / doubling);
    assertThat(Trainings.evidence(page, "steps_to_overflow"))
        .isCloseTo(exact, within(tolerance * exact));
    assertThat(page.summary()).contains("doubling every");
  }
}
