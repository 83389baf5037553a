package io.gradwatch.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.demo.RunResult.Verdict;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabel.Outcome;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunResultTest {

  @ParameterizedTest
  @CsvSource({
    "100, 200, 220", // twenty steps after the failure
    "100, 85, 110", // but never less than ten after the onset
    "100, 90, 110",
    "100, 91, 111"
  })
  void aDivergingRunIsDueWhenScoringSaysSo(long onset, long failure, long due) {
    assertThat(result(diverged(onset, failure)).deadline()).isEqualTo(due);
  }

  @ParameterizedTest
  @CsvSource({"100, IN_TIME", "220, IN_TIME", "221, LATE", "99, MISSED"})
  void aDivergingRunIsInTimeFromItsOnsetToItsDeadline(long critical, Verdict verdict) {
    assertThat(result(diverged(100, 200), critical).verdict()).isEqualTo(verdict);
  }

  @Test
  void anAlarmBeforeTheOnsetDoesNotSpoilOneAfterIt() {
    RunResult result = result(diverged(100, 200), 50L, 150L);

    assertThat(result.firstCritical()).isEqualTo(150);
    assertThat(result.verdict()).isEqualTo(Verdict.IN_TIME);
  }

  @Test
  void aHealthyRunStaysQuietOrIsPagedForNothing() {
    RunLabel healthy = new RunLabel(Outcome.HEALTHY, null, null, List.of());

    assertThat(result(healthy).verdict()).isEqualTo(Verdict.QUIET);
    assertThat(result(healthy, 5L).verdict()).isEqualTo(Verdict.FALSE_PAGE);
  }

  @Test
  void anyOtherRunIsNoticedOrNotAndNeitherFails() {
    RunLabel spiked = new RunLabel(Outcome.SPIKED, 10L, null, List.of());

    assertThat(result(spiked, 12L).verdict()).isEqualTo(Verdict.NOTICED);
    assertThat(result(spiked).verdict()).isEqualTo(Verdict.UNNOTICED);
    assertThat(new RunResult("r", spiked, List.of(), 1, 1, 1.0, 0.1).verdict())
        .isEqualTo(Verdict.NOTICED);
    assertThat(Arrays.stream(Verdict.values()).filter(Verdict::good))
        .containsExactly(Verdict.IN_TIME, Verdict.QUIET, Verdict.NOTICED, Verdict.UNNOTICED);
  }

  @Test
  void aRunWithoutAdviceFailsWhateverElseWasSaid() {
    RunResult result = new RunResult("r", diverged(100, 200), List.of(150L), 0, 0, null, null);

    assertThat(result.verdict()).isEqualTo(Verdict.NO_ADVICE);
  }

  private static RunLabel diverged(long onset, long failure) {
    return new RunLabel(Outcome.DIVERGED, onset, failure, List.of());
  }

  private static RunResult result(RunLabel truth, Long... criticalSteps) {
    return new RunResult("r", truth, List.of(criticalSteps), 0, 3, 1.5, 0.02);
  }
}
