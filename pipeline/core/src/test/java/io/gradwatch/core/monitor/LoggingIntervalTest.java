package io.gradwatch.core.monitor;

import static io.gradwatch.core.alarm.AlarmKind.DIVERGENCE;
import static io.gradwatch.core.alarm.AlarmKind.EXPLODING_GRADIENT;
import static io.gradwatch.core.alarm.AlarmKind.LOSS_SPIKE;
import static io.gradwatch.core.alarm.AlarmKind.NON_FINITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that log a row every so many steps, every detector on. */
class LoggingIntervalTest {
  private static final int ROWS = 400;

  private final Trainings training = new Trainings(127);

  private int seen;

  /** Rows of a run that learns over its first few hundred, whatever their distance. */
  private void rows(int count, int interval, UnaryOperator<Observation> change) {
    for (int i = 0; i < count; i++) {
      double loss = 2 + 2 * StrictMath.exp(-seen++ / 60.0);
      training.observe(
          change.apply(
              new Observation()
                  .set(Scalar.LOSS, loss * StrictMath.exp(0.02 * training.noise()))
                  .set(Scalar.GRAD_NORM, StrictMath.exp(0.15 * training.noise()))
                  .set(Scalar.LEARNING_RATE, 1e-3)));
      training.step += interval - 1;
    }
  }

  private List<AlarmKind> pages() {
    return training.opened().stream()
        .filter(alarm -> alarm.severity() == Severity.CRITICAL)
        .map(Alarm::kind)
        .toList();
  }

  @ParameterizedTest(name = "every {0} steps")
  @ValueSource(ints = {1, 10, 50, 200})
  void aHealthyRunRaisesNothing(int interval) {
    rows(2_000, interval, row -> row);
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @ParameterizedTest(name = "every {0} steps")
  @ValueSource(ints = {1, 10, 50, 200})
  void aLossThatIsLostPagesWithinTwentyRows(int interval) {
    rows(ROWS, interval, row -> row);
    long lost = training.step;
    rows(20, interval, row -> row.set(Scalar.LOSS, 5 + 0.1 * training.noise()));
    assertThat(pages()).containsExactly(DIVERGENCE);
    assertThat(training.opened().get(training.opened().size() - 1).onsetStep())
        .isBetween(lost - 5L * interval, lost + interval);
  }

  @ParameterizedTest(name = "every {0} steps")
  @ValueSource(ints = {1, 10, 50, 200})
  void normsThatDoublePageWithTheirTimeInStepsNotInRows(int interval) {
    rows(ROWS, interval, row -> row);
    long start = training.step;
    int doublingRows = 20;
    rows(
        5 * doublingRows,
        interval,
        row ->
            row.set(
                Scalar.GRAD_NORM,
                StrictMath.pow(2, (training.step - start) / (double) (doublingRows * interval))
                    * StrictMath.exp(0.1 * training.noise())));
    assertThat(pages()).containsExactly(EXPLODING_GRADIENT);
    double doubling = doublingRows * interval;
    assertThat(Trainings.evidence(training.opened().get(0), "doubling_steps"))
        .isCloseTo(doubling, within(0.25 * doubling));
  }

  @ParameterizedTest(name = "every {0} steps")
  @ValueSource(ints = {1, 10, 50, 200})
  void aBadRowWarnsAndDoesNotPage(int interval) {
    rows(ROWS, interval, row -> row);
    rows(1, interval, row -> row.set(Scalar.LOSS, 7));
    rows(100, interval, row -> row);
    assertThat(training.opened()).extracting(Alarm::kind).containsExactly(LOSS_SPIKE);
  }

  @ParameterizedTest(name = "every {0} steps")
  @ValueSource(ints = {1, 10, 50, 200})
  void nanThatLastsPages(int interval) {
    rows(ROWS, interval, row -> row);
    rows(2, interval, row -> row.set(Scalar.LOSS, Double.NaN));
    assertThat(training.alarms).last().extracting(Alarm::kind).isEqualTo(NON_FINITE);
    assertThat(training.alarms).last().extracting(Alarm::severity).isEqualTo(Severity.CRITICAL);
  }
}
