package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceUseTest {

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
  void takesWhatItDoesNotKnowAsOff(String variable, AdviceUse use) {
    assertThat(AdviceUse.of(variable)).isEqualTo(use);
  }

  @Test
  void followsWhereTheEnvironmentSaysNothing() {
    assertThat(AdviceUse.of(null)).isEqualTo(AdviceUse.FOLLOW);
  }
}
