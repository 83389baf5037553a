package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceModeTest {

  @ParameterizedTest
  @CsvSource({
    "'', FOLLOW",
    "on, FOLLOW",
    "off, OFF",
    "' OFF ', OFF",
    "Shadow, SHADOW",
    "0, OFF",
    "false, OFF",
    "offf, OFF"
  })
  void takesWhatItDoesNotKnowAsOff(String variable, AdviceMode mode) {
    assertThat(AdviceMode.of(variable)).isEqualTo(mode);
  }

  @Test
  void followsWhereTheEnvironmentSaysNothing() {
    assertThat(AdviceMode.of(null)).isEqualTo(AdviceMode.FOLLOW);
  }
}
