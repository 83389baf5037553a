package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Trend;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One absurd number poisons nothing, every detector on. A hundred steps later, which are five
 * half-lives of the medium level, levels are within half a spread of those of the run without it
 * (an outlier counts as ten spreads at most, so it moves the medium level by a third of one and the
 * slow level by a twelfth), spreads within a tenth of themselves, and the advised threshold within
 * its dead band.
 */
class OddNumbersTest {
  private static final Set<AlarmKind> OF_THE_NUMBER_ITSELF =
      Set.of(AlarmKind.LOSS_SPIKE, AlarmKind.GRADIENT_SPIKE, AlarmKind.NON_FINITE);

  private enum Field {
    LOSS,
    NORM,
    LAYER,
    WEIGHT,
    ALL
  }

  private static Observation healthy(Trainings training) {
    float wobble = (float) StrictMath.exp(0.1 * training.noise());
    return training
        .healthy()
        .setLayers(LayerSeries.GRAD_NORM, new float[] {wobble, 2 * wobble, 3})
        .setLayers(LayerSeries.WEIGHT_NORM, new float[] {5, 6, 7})
        .setLayers(LayerSeries.UPDATE_NORM, new float[] {5e-3f, 6e-3f, 7e-3f});
  }

  private static Observation with(Observation row, Field field, double value) {
    if (field == Field.LOSS || field == Field.ALL) {
      row.set(Scalar.LOSS, value);
    }
    if (field == Field.NORM || field == Field.ALL) {
      row.set(Scalar.GRAD_NORM, value);
    }
    if (field == Field.LAYER || field == Field.ALL) {
      row.setLayers(LayerSeries.GRAD_NORM, new float[] {1, (float) value, 3});
    }
    if (field == Field.WEIGHT || field == Field.ALL) {
      row.setLayers(LayerSeries.WEIGHT_NORM, new float[] {5, (float) value, 7});
    }
    return row;
  }

  private static Trainings run(int oddStep, UnaryOperator<Observation> change, int steps) {
    Trainings training = new Trainings(131).started("a", "b", "c");
    for (int i = 0; i < steps; i++) {
      Observation row = healthy(training);
      training.observe(i == oddStep ? change.apply(row) : row);
    }
    return training;
  }

  static Stream<Object[]> oddNumbers() {
    double[] numbers = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      0,
      -0.0,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      1e-320,
      1e30,
      -1e30,
      1e308,
      -1e308,
      65504,
      3.4e38,
      1e39,
      1e-45
    };
    return Stream.of(Field.values())
        .flatMap(field -> Arrays.stream(numbers).mapToObj(number -> new Object[] {field, number}));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @MethodSource("oddNumbers")
  void oneOddNumberPoisonsNothing(Field field, double number) {
    Trainings odd = run(400, row -> with(row, field, number), 501);
    Trainings plain = run(-1, row -> row, 501);
    isAlike(odd.state.series.loss(), plain.state.series.loss());
    isAlike(odd.state.series.norm(), plain.state.series.norm());
    for (int layer = 0; layer < 2; layer++) {
      isAlike(odd.state.series.layerNorms().of(layer), plain.state.series.layerNorms().of(layer));
    }
    assertThat(odd.state.series.lossIsLinear()).isFalse();
    assertThat(odd.state.advice.threshold() / plain.state.advice.threshold())
        .isCloseTo(1, within(odd.monitor.policy().clip().deadBand()));
    assertThat(odd.alarms)
        .filteredOn(alarm -> !OF_THE_NUMBER_ITSELF.contains(alarm.kind()))
        .extracting(Alarm::summary)
        .isEmpty();
    assertThat(odd.alarms).extracting(Alarm::severity).doesNotContain(Severity.CRITICAL);
    assertThat(odd.alarms.stream().filter(a -> a.state() == AlarmState.RESOLVED).count())
        .as("all that opened is over")
        .isEqualTo(odd.opened().size());
  }

  private static void isAlike(double[] odd, double[] plain) {
    double spread = Trend.spread(plain, 0);
    assertThat(Trend.fast(odd, 0)).isCloseTo(Trend.fast(plain, 0), within(0.5 * spread));
    assertThat(Trend.medium(odd, 0)).isCloseTo(Trend.medium(plain, 0), within(0.5 * spread));
    assertThat(Trend.slow(odd, 0)).isCloseTo(Trend.slow(plain, 0), within(0.5 * spread));
    assertThat(Trend.low(odd, 0)).isCloseTo(Trend.low(plain, 0), within(0.5 * spread));
    assertThat(Trend.spread(odd, 0)).isCloseTo(spread, within(0.1 * spread));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @MethodSource("oddNumbers")
  void oneOddNumberInYouthRaisesNothingLaterAndBlindsNothing(Field field, double number) {
    Trainings odd = run(5, row -> with(row, field, number), 400);
    assertThat(odd.alarms)
        .filteredOn(alarm -> !OF_THE_NUMBER_ITSELF.contains(alarm.kind()))
        .extracting(Alarm::summary)
        .isEmpty();
    assertThat(odd.alarms).extracting(Alarm::severity).doesNotContain(Severity.CRITICAL);
    for (int i = 0; i < 20; i++) {
      odd.observe(healthy(odd).set(Scalar.LOSS, 6 + 0.1 * odd.noise()));
    }
    assertThat(odd.alarms).extracting(Alarm::severity).contains(Severity.CRITICAL);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(doubles = {1e-320, 1e-30, 1, 7.25, 1e30, 1e308})
  void constantsWithoutSpreadRaiseNothingButTheirLackOfProgress(double constant) {
    Trainings training = new Trainings(137);
    for (int i = 0; i < 1_000; i++) {
      training.observe(
          new Observation().set(Scalar.LOSS, constant).set(Scalar.GRAD_NORM, constant));
    }
    assertThat(training.opened())
        .extracting(Alarm::kind)
        .containsAnyOf(AlarmKind.NO_PROGRESS)
        .hasSize(1);
  }

  @Test
  void allZerosRaiseNothing() {
    Trainings training = new Trainings(139);
    for (int i = 0; i < 1_000; i++) {
      training.observe(with(new Observation(), Field.ALL, 0));
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }

  @Test
  void emptyRowsRaiseNothing() {
    Trainings training = new Trainings(149);
    for (int i = 0; i < 1_000; i++) {
      training.observe(i % 2 == 0 ? new Observation() : training.healthy());
    }
    assertThat(training.alarms).extracting(Alarm::summary).isEmpty();
  }
}
