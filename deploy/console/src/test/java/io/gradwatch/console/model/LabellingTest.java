package io.gradwatch.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Severity;
import io.gradwatch.records.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LabellingTest {
  @ParameterizedTest
  @EnumSource(
      value = AlarmKind.class,
      names = {"EXPLODING_GRADIENT", "WEIGHT_GROWTH", "DIVERGENCE", "NON_FINITE"})
  void aRightPageAboutTheLossMakesItDivergedFromOnsetToOpening(AlarmKind kind) {
    assertThat(label(judgement(kind, Severity.CRITICAL, Verdict.RIGHT)))
        .isEqualTo(Map.of("outcome", "diverged", "onset_step", 10L, "failure_step", 12L));
  }

  @Test
  void whatPeopleSayOfOnsetAndFailureCounts() {
    Judgement judgement = judgement(AlarmKind.DIVERGENCE, Severity.WARNING, Verdict.TOO_LATE);
    judgement.setActualOnsetStep(3L);
    judgement.setFailureStep(8L);
    assertThat(label(judgement))
        .isEqualTo(Map.of("outcome", "diverged", "onset_step", 3L, "failure_step", 8L));
  }

  @Test
  void noRunIsLostBeforeItsTroubleBegan() {
    Judgement judgement = judgement(AlarmKind.DIVERGENCE, Severity.CRITICAL, Verdict.RIGHT);
    judgement.setActualOnsetStep(50L);
    assertThat(label(judgement))
        .isEqualTo(Map.of("outcome", "diverged", "onset_step", 50L, "failure_step", 50L));
  }

  @ParameterizedTest
  @CsvSource({
    "DIVERGENCE, WARNING, ambiguous",
    "OVERFITTING, WARNING, overfit",
    "DEAD_LAYER, CRITICAL, ambiguous",
    "SILENCE, WARNING, ambiguous",
  })
  void outcomesWithoutSteps(AlarmKind kind, Severity severity, String outcome) {
    assertThat(label(judgement(kind, severity, Verdict.RIGHT)))
        .isEqualTo(Map.of("outcome", outcome));
  }

  @ParameterizedTest
  @EnumSource(
      value = AlarmKind.class,
      names = {"STALLED", "NO_PROGRESS"})
  void aRightStallHasAnOnset(AlarmKind kind) {
    assertThat(label(judgement(kind, Severity.WARNING, Verdict.RIGHT)))
        .isEqualTo(Map.of("outcome", "stalled", "onset_step", 10L));
  }

  @Test
  void rightSpikesAreListed() {
    Judgement first = judgement(AlarmKind.LOSS_SPIKE, Severity.WARNING, Verdict.RIGHT);
    Judgement second = judgement(AlarmKind.GRADIENT_SPIKE, Severity.INFO, Verdict.TOO_LATE);
    second.setActualOnsetStep(20L);
    assertThat(label(first, second))
        .isEqualTo(
            Map.of("outcome", "spiked", "spikes", List.of(List.of(10L, 12L), List.of(20L, 20L))));
  }

  @ParameterizedTest
  @EnumSource(AlarmKind.class)
  void whatWasForNothingMakesNoTrouble(AlarmKind kind) {
    assertThat(label(judgement(kind, Severity.CRITICAL, Verdict.FOR_NOTHING)))
        .isEqualTo(Map.of("outcome", "healthy"));
  }

  @Test
  void theWorstOutcomeOfARunCountsWithItsEarliestSteps() {
    Judgement late = judgement(AlarmKind.NON_FINITE, Severity.CRITICAL, Verdict.RIGHT);
    late.setOnsetStep(40);
    late.setOpenedStep(41);
    assertThat(
            label(
                judgement(AlarmKind.LOSS_SPIKE, Severity.WARNING, Verdict.RIGHT),
                late,
                judgement(AlarmKind.DIVERGENCE, Severity.CRITICAL, Verdict.FOR_NOTHING)))
        .isEqualTo(Map.of("outcome", "diverged", "onset_step", 40L, "failure_step", 41L));
  }

  @Test
  void runsComeInTheOrderOfTheirNames() {
    assertThat(
            Labelling.of(
                    List.of(
                        Records.judgement(
                            "1", "b", AlarmKind.STALLED, Severity.INFO, Verdict.RIGHT),
                        Records.judgement(
                            "2", "a", AlarmKind.STALLED, Severity.INFO, Verdict.FOR_NOTHING)))
                .keySet())
        .containsExactly("a", "b");
  }

  private static Judgement judgement(AlarmKind kind, Severity severity, Verdict verdict) {
    return Records.judgement("1", "run", kind, severity, verdict);
  }

  private static Map<String, Object> label(Judgement... judgements) {
    return Labelling.of(List.of(judgements)).get("run");
  }
}
