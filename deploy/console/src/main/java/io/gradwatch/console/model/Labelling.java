package io.gradwatch.console.model;

import io.gradwatch.records.Judgement;
import io.gradwatch.records.Severity;
import io.gradwatch.records.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judgements as the labels that {@code gradwatch backtest --labels} reads: run id to what really
 * happened.
 *
 * <p>A run of which a page about its loss was right diverged; where nobody said when it was lost,
 * it counts as lost when the page opened, so that another policy is in time if it pages no later
 * (but for the steps of grace that every page has). A right spike makes it spiked, and so on; a
 * right warning that no outcome stands for makes it ambiguous, which no score counts. A run whose
 * alarms were all for nothing is healthy. Of several, the worst outcome counts.
 */
final class Labelling {
  /** The worst first. */
  private enum Outcome {
    DIVERGED("diverged"),
    STALLED("stalled"),
    SPIKED("spiked"),
    OVERFIT("overfit"),
    AMBIGUOUS("ambiguous"),
    HEALTHY("healthy");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }
  }

  private Labelling() {}

  /** Labels by run id, of one project's judgements. */
  static Map<String, Map<String, Object>> of(Collection<Judgement> judgements) {
    Map<String, List<Judgement>> byRun = new TreeMap<>();
    for (Judgement judgement : judgements) {
      byRun.computeIfAbsent(judgement.getRunId(), run -> new ArrayList<>()).add(judgement);
    }
    Map<String, Map<String, Object>> labels = new LinkedHashMap<>();
    byRun.forEach((run, ofRun) -> labels.put(run, label(ofRun)));
    return labels;
  }

  private static Map<String, Object> label(List<Judgement> judgements) {
    Outcome worst = Outcome.HEALTHY;
    for (Judgement judgement : judgements) {
      Outcome outcome = outcome(judgement);
      worst = outcome.compareTo(worst) < 0 ? outcome : worst;
    }
    Map<String, Object> label = new LinkedHashMap<>();
    label.put("outcome", worst.word);
    Long onset = null;
    Long failure = null;
    List<List<Long>> spikes = new ArrayList<>();
    for (Judgement judgement : judgements) {
      if (outcome(judgement) == worst) {
        onset = earlier(onset, onset(judgement));
        failure = earlier(failure, failure(judgement));
        spikes.add(List.of(onset(judgement), Math.max(onset(judgement), failure(judgement))));
      }
    }
    if (worst == Outcome.DIVERGED || worst == Outcome.STALLED) {
      label.put("onset_step", onset);
    }
    if (worst == Outcome.DIVERGED) {
      label.put("failure_step", failure);
    }
    if (worst == Outcome.SPIKED) {
      label.put("spikes", spikes);
    }
    return label;
  }

  private static Outcome outcome(Judgement judgement) {
    if (judgement.getVerdict() == Verdict.FOR_NOTHING) {
      return Outcome.HEALTHY;
    }
    return switch (judgement.getKind()) {
      case EXPLODING_GRADIENT, WEIGHT_GROWTH, DIVERGENCE, NON_FINITE ->
          judgement.getSeverity() == Severity.CRITICAL || judgement.getFailureStep() != null
              ? Outcome.DIVERGED
              : Outcome.AMBIGUOUS;
      case LOSS_SPIKE, GRADIENT_SPIKE -> Outcome.SPIKED;
      case STALLED, NO_PROGRESS -> Outcome.STALLED;
      case OVERFITTING -> Outcome.OVERFIT;
      default -> Outcome.AMBIGUOUS;
    };
  }

  private static long onset(Judgement judgement) {
    Long actual = judgement.getActualOnsetStep();
    return actual == null ? judgement.getOnsetStep() : actual;
  }

  private static long failure(Judgement judgement) {
    Long failure = judgement.getFailureStep();
    return failure == null ? Math.max(judgement.getOpenedStep(), onset(judgement)) : failure;
  }

  private static long earlier(@Nullable Long known, long other) {
    return known == null ? other : Math.min(known, other);
  }
}
