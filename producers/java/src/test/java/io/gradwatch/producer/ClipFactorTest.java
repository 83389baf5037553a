package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClipFactorTest {

  @ParameterizedTest
  @CsvSource({
    "4, 1, 0.25",
    "1, 1, 1",
    "0.5, 1, 1",
    "0, 1, 1",
    "NaN, 1, 1",
    "Infinity, 1, 1",
    "4, Infinity, 1",
    "4, NaN, 1",
    "4, 0, 1",
    "4, -1, 1",
    "1e308, 1e-308, 4.9e-324"
  })
  void scalesNormsAboveTheThresholdDownToIt(double norm, double threshold, double factor) {
    assertThat(Advisor.clipFactor(norm, threshold)).isEqualTo(factor);
  }
}
