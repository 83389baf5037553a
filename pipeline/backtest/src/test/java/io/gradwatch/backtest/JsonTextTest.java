package io.gradwatch.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {

  @Test
  void escapesWhatJsonAndTerminalsWouldObey() {
    assertThat(string("a\"b\\c\nd\u001b[31m\u202e\u2028\u007f"))
        .isEqualTo("\"a\\\"b\\\\c\\nd\\u001b[31m\\u202e\\u2028\\u007f\"");
  }

  @Test
  void keepsCharactersOutsideTheBasicPlaneAndEscapesHalvesOfThem() {
    assertThat(string("\ud83d\ude00 \ud83d!")).isEqualTo("\"\ud83d\ude00 \\ud83d!\"");
  }

  @Test
  void writesAnAbsentStringAsNull() {
    assertThat(string(null)).isEqualTo("null");
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0.5",
    "-0.0, -0.0",
    "1.0E-45, 1.0E-45",
    "NaN, '\"NaN\"'",
    "Infinity, '\"Infinity\"'",
    "-Infinity, '\"-Infinity\"'"
  })
  void writesNumbersAndTheWordsForThoseJsonCannotSay(double value, String expected) {
    assertThat(JsonText.number(new StringBuilder(), value)).hasToString(expected);
  }

  @Test
  void writesAFloatInItsOwnShortestForm() {
    assertThat(JsonText.number(new StringBuilder(), 0.1f)).hasToString("0.1");
    assertThat(JsonText.number(new StringBuilder(), Float.NaN)).hasToString("\"NaN\"");
  }

  private static String string(String text) {
    return JsonText.string(new StringBuilder(), text).toString();
  }
}
