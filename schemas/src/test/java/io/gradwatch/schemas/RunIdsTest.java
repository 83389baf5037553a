package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", " bert 7", "é/层", "\ud83d\ude00"})
  void mayBeAnyTextThatShows(String runId) {
    assertThat(RunIds.check(runId)).isEqualTo(runId);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", "\u2003"})
  void mayNotBeBlank(String runId) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunIds.check(runId))
        .withMessage("run id is '%s', must be 1 to 256 bytes that show", runId);
  }

  @Test
  void areBoundedInBytes() {
    assertThat(RunIds.check("层".repeat(85) + "a")).hasSize(86);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunIds.check("层".repeat(85) + "ab"))
        .withMessage("run id takes 257 bytes of UTF-8, must be at most 256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\u0000b", "a\u001b[31mb", "a\u0085b"})
  void mayHoldNoControlCharacters(String runId) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunIds.check(runId))
        .withMessage(
            "run id at 1 is control character U+%04X, must be a character that shows",
            (int) runId.charAt(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\ud800", "a\udc00b", "a\ud800\ud800", "a\ude00\ud83d"})
  void mayHoldNoHalfACharacter(String runId) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunIds.check(runId))
        .withMessage(
            "run id at 1 is lone surrogate U+%04X, must be a character that shows",
            (int) runId.charAt(1));
  }
}
