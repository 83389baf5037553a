package io.gradwatch.console.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "1|1",
        "0.1|0.1",
        "1234.56|1235",
        "12345.6|12,346",
        "0.00012345|0.0001234",
        "1.5e-7|1.5e-7",
        "3.4e38|3.4e38",
        "-2500000|-2.5e6",
        "NaN|NaN",
        "Infinity|∞",
      })
  void areShort(double value, String text) {
    assertThat(Numbers.of(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0 s", "59.6,1 min 0 s", "4300,1 h 11 min", "200000,2 d 7 h", "NaN,–", "1e300,–"})
  void stretchesOfTimeHaveTwoUnits(double seconds, String text) {
    assertThat(Numbers.duration(seconds)).isEqualTo(text);
  }
}
