package io.gradwatch.cli.demo;

import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabel.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said about one run, beside the truth.
 *
 * @param run its name
 * @param truth what became of it, known with hindsight
 * @param criticalSteps steps at which alarms became critical, in order
 * @param warnings alarms that opened or rose to a warning
 * @param adviceChanges pieces of clip advice
 * @param clipThreshold the newest threshold advised; null when none was
 * @param clippedShare share of the steps that following the advice would have clipped, 0 to 1; null
 *     when none was told before a step
 */
record RunResult(
    String run,
    RunLabel truth,
    List<Long> criticalSteps,
    int warnings,
    int adviceChanges,
    @Nullable Double clipThreshold,
    @Nullable Double clippedShare) {

  /** Steps after the failure in which an alarm is still of use. */
  private static final long AFTER_FAILURE = 20;

  /** Steps after the onset that every detector is granted. */
  private static final long AFTER_ONSET = 10;

  /** How the two compare. */
  enum Verdict {
    IN_TIME("in time", true),
    LATE("TOO LATE", false),
    MISSED("MISSED", false),
    QUIET("quiet", true),
    FALSE_PAGE("FALSE PAGE", false),
    NOTICED("noticed", true),
    UNNOTICED("not noticed", true),
    NO_ADVICE("NO ADVICE", false);

    private final String words;
    private final boolean good;

    Verdict(String words, boolean good) {
      this.words = words;
      this.good = good;
    }

    String words() {
      return words;
    }

    /** False when the demonstration has failed with it. */
    boolean good() {
      return good;
    }
  }

  /** Last step at which a critical alarm about a diverging run is in time; null for other runs. */
  @Nullable Long deadline() {
    Long onset = truth.onsetStep();
    if (truth.outcome() != Outcome.DIVERGED || onset == null) {
      return null;
    }
    Long failure = truth.failureStep();
    long afterOnset = onset + AFTER_ONSET;
    return failure == null ? afterOnset : Math.max(failure + AFTER_FAILURE, afterOnset);
  }

  /** The critical step that counts: of a diverging run the first one at or after the onset. */
  @Nullable Long firstCritical() {
    Long onset = truth.outcome() == Outcome.DIVERGED ? truth.onsetStep() : null;
    return criticalSteps.stream()
        .filter(step -> onset == null || step >= onset)
        .findFirst()
        .orElse(null);
  }

  Verdict verdict() {
    if (clipThreshold == null) {
      return Verdict.NO_ADVICE;
    }
    Long critical = firstCritical();
    Long deadline = deadline();
    if (deadline != null) {
      return critical == null
          ? Verdict.MISSED
          : critical <= deadline ? Verdict.IN_TIME : Verdict.LATE;
    }
    if (truth.outcome() == Outcome.HEALTHY) {
      return critical == null ? Verdict.QUIET : Verdict.FALSE_PAGE;
    }
    return critical == null && warnings == 0 ? Verdict.UNNOTICED : Verdict.NOTICED;
  }
}
