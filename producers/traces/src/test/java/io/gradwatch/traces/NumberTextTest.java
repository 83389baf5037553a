package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "1",
        "-1",
        "+1",
        "1.",
        ".5",
        "1.5e3",
        "1E-3",
        "6.554e+04",
        "0.1",
        "123456789.123456789",
        "9007199254740993",
        "179769313486231570000000000",
        "4.9e-324",
        "1e-320",
        "2.2250738585072011e-308",
        "0.000000000000000000000000000001234",
        "1e22",
        "1e23",
        "8.5e-23",
        "1e400",
        "-1e400",
        "1e-400",
        "1e99999999999",
        "0e99999999999",
        "3.4028235677973366e38",
        "100000000000000000000000000000000e-32"
      })
  void readsTheNearestDoubleAsTheLibraryDoes(String text) {
    assertThat(NumberText.parse(text)).isEqualTo(Double.valueOf(text));
  }

  @Test
  void readsAnyDoubleAsTheLibraryDoes() {
    long seed = 20261121;
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      String text =
          switch (i % 4) {
            case 0 -> Double.toString(value);
            case 1 -> Double.toString((float) random.nextGaussian());
            case 2 -> "%.3e".formatted(random.nextGaussian() * 1000);
            default -> random.nextInt(1_000_000) + "." + random.nextInt(1_000_000_000);
          };
      assertThat(NumberText.parse(text))
          .as("%s (seed %d)", text, seed)
          .isEqualTo(Double.valueOf(text));
    }
  }

  @Test
  void readsTheEdgesOfTheExactShortcutAsTheLibraryDoes() {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      String text =
          switch (i % 4) {
            case 0 -> (1L << 53) + random.nextInt(9) - 4 + "e" + (random.nextInt(50) - 25);
            case 1 -> tie(random);
            case 2 -> random.nextInt(1 << 20) + "e-" + (300 + random.nextInt(30)); // subnormal
            default ->
                random.nextLong(1_000_000_000_000_000_000L) + "e" + (random.nextInt(60) - 30);
          };
      assertThat(NumberText.parse(text))
          .as("%s (seed %d)", text, seed)
          .isEqualTo(Double.valueOf(text));
    }
  }

  /** Half way between two doubles, in full, or next to it. */
  private static String tie(Random random) {
    double value = random.nextDouble() * Math.pow(10, random.nextInt(20) - 10);
    BigDecimal half =
        new BigDecimal(value).add(new BigDecimal(Math.ulp(value)).divide(BigDecimal.valueOf(2)));
    return half.toPlainString() + (random.nextBoolean() ? "" : "1");
  }

  @ParameterizedTest
  @CsvSource({
    "nan, NaN",
    "NaN, NaN",
    "NAN, NaN",
    "-nan, NaN",
    "inf, Infinity",
    "Infinity, Infinity",
    "+Inf, Infinity",
    "-inf, -Infinity",
    "-Infinity, -Infinity"
  })
  void readsTheWordsInAnyCase(String text, double expected) {
    assertThat(NumberText.parse(text)).isEqualTo(Double.valueOf(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+",
        ".",
        "e5",
        "1e",
        "1e+",
        "1,5",
        "1.2.3",
        "0x10",
        "1d",
        "1f",
        "1_000",
        "--1",
        "none",
        "null",
        "infinite",
        "nano",
        "1 2",
        "\u0661"
      })
  void refusesEverythingElse(String text) {
    assertThatExceptionOfType(NumberFormatException.class).isThrownBy(() -> NumberText.parse(text));
  }
}
