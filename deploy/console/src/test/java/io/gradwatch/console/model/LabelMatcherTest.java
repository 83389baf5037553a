package io.gradwatch.console.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gradwatch.records.MatchOperator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelMatcherTest {
  private static final Labels LABELS =
      new Labels("a1", "vision", "vit-7", "LOSS_SPIKE", "WARNING", "ada", Map.of("team", "cv"));

  @ParameterizedTest
  @CsvSource({
    "run, =, vit-7, true",
    "run, =, vit, false",
    "run, !=, vit-7, false",
    "run, !=, vit, true",
    "run, =~, vit-[0-9], true",
    "run, =~, vit, false",
    "run, =~, vit|vit-7, true",
    "run, =~, .*, true",
    "run, !~, vit.*, false",
    "run, !~, it-7, true",
    "project, =, vision, true",
    "kind, =~, .*_SPIKE, true",
    "severity, =, WARNING, true",
    "owner, =, ada, true",
    "alarm, =, a1, true",
    "tag:team, =, cv, true",
    "tag:other, =, '', true",
    "tag:other, !=, '', false",
  })
  void comparesTheWholeLabel(String label, String operator, String value, boolean expected) {
    LabelMatcher matcher = LabelMatcher.of(label, LabelMatcher.operator(operator), value);
    assertThat(matcher.matches(LABELS)).isEqualTo(expected);
    assertThat(matcher).hasToString(label + operator + '"' + value + '"');
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Run", "tag:", "tag", "step"})
  void refusesALabelThatIsNone(String label) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelMatcher.of(label, MatchOperator.EQUAL, "x"))
        .withMessageContaining("'" + label + "'");
  }

  @Test
  void refusesAnOperatorThatIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelMatcher.operator("~="))
        .withMessage("operator is '~=', must be =, !=, =~ or !~");
  }

  @Test
  void boundsTheValueInBytes() {
    LabelMatcher.of("run", MatchOperator.EQUAL, "é".repeat(512));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelMatcher.of("run", MatchOperator.EQUAL, "é".repeat(513)))
        .withMessage("value of run has 1026 bytes, at most 1024 are taken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "a{1001}", "(?=a)", "(a)\\1", "[z-a]"})
  void refusesWhatRe2CannotRead(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelMatcher.of("run", MatchOperator.MATCHES, pattern))
        .withMessageStartingWith("value of run is no regular expression of RE2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(((a{100}){100}){100}){100}",
        "((a{1000}){1000}){1000}",
        "(?:(?:[ab]{2,1000}){1000})",
        "((\\d{500}){500,})"
      })
  void refusesRepetitionsThatWouldTakeAllMemory(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelMatcher.of("run", MatchOperator.MATCHES, pattern))
        .withMessage("value of run repeats too much: more than 10000 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}",
        "(exp-\\d{1,6}-){3}.*",
        "x{1000}",
        "a{,3}"
      })
  void takesOrdinaryRepetitions(String pattern) {
    assertThat(PatternSize.of(pattern)).isLessThanOrEqualTo(PatternSize.MOST);
    LabelMatcher.of("run", MatchOperator.MATCHES, pattern);
  }

  @Test
  void aSilenceWhoseMatchersCannotBeReadMatchesNothing() {
    ActiveSilence silence =
        ActiveSilence.of(Records.silence("s", "nonsense", MatchOperator.EQUAL, "", 0, 10));
    assertThat(silence.matches(LABELS)).isFalse();
    assertThat(silence.holdsAt(0)).isTrue();
    assertThat(silence.holdsAt(9)).isTrue();
    assertThat(silence.holdsAt(10)).isFalse();
    assertThat(silence.holdsAt(-1)).isFalse();
  }
}
