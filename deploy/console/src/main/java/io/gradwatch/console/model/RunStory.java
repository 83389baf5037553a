package io.gradwatch.console.model;

import io.gradwatch.console.api.HistogramPage;
import io.gradwatch.console.api.RunDetail.CheckpointView;
import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is known about one run. */
final class RunStory {
  /**
   * Which to let go of when there is no room: what has ended, then what was not heard of longest.
   */
  static final Comparator<RunStory> FIRST_TO_GO =
      Comparator.comparing((RunStory run) -> run.outcome == null)
          .thenComparingLong(RunStory::updatedAt);

  private static final int MOST_ATTEMPTS = 8;
  private static final int MOST_CHECKPOINTS = 32;

  private final RunKey key;
  private final TreeMap<Integer, AttemptCurves> attempts = new TreeMap<>();
  private final Deque<CheckpointView> checkpoints = new ArrayDeque<>();
  private final Pace pace = new Pace();
  private final RunDetails details = new RunDetails(this);
  private @Nullable RunStarted started;
  private @Nullable RunStatistics statistics;
  private @Nullable ClipRecommendation advice;
  private @Nullable String outcome;
  private @Nullable Double appliedThreshold;
  private @Nullable Double loss;
  private @Nullable Double gradNorm;
  private boolean spokenByNobody;
  private int attemptOfEvents = -1;
  private long startedAt;
  private long updatedAt;
  private long alarmedAt;
  private long changed;

  RunStory(RunKey key) {
    this.key = key;
  }

  RunKey key() {
    return key;
  }

  /** The fleet's generation of its last change. */
  long changed() {
    return changed;
  }

  void change(long generation) {
    changed = generation;
  }

  /**
   * Takes an event. Older attempts, repeated steps and ranks that do not speak for the run change
   * nothing. What is older is told by the events alone: a console that starts reads the other
   * topics before them, or after.
   *
   * @param budget memory for heat maps and histograms
   */
  void take(TrainingEvent event, DetailBudget budget) {
    if (!speaksForTheRun(event.getRank()) || event.getAttempt() < attemptOfEvents) {
      return;
    }
    if (event.getAttempt() > attemptOfEvents) {
      attemptOfEvents = event.getAttempt();
      details.forget(budget);
      outcome = null;
    }
    heard(event.getEmittedAt());
    AttemptCurves current = attempt(event.getAttempt());
    if (current != null) {
      take(current, event, budget);
    }
  }

  private void take(AttemptCurves current, TrainingEvent event, DetailBudget budget) {
    long step = event.getStep();
    Object body = event.getBody();
    if (body instanceof StepCompleted completed) {
      if (current.beginStep(step)) {
        current.heard(step, event.getEmittedAt());
        pace.heard(step, event.getEmittedAt());
        take(current, step, completed);
        details.take(step, completed, budget);
      }
    } else if (body instanceof RunStarted start) {
      started = start;
      outcome = null;
      if (!current.hasSteps()) {
        current.heard(step, event.getEmittedAt());
      }
    } else if (body instanceof EvaluationCompleted evaluation) {
      current.add("eval_loss", step, evaluation.getLoss());
      addMetrics(current, "eval:", step, evaluation.getMetrics());
    } else if (body instanceof CheckpointSaved saved) {
      Long held = saved.getCheckpointStep();
      note(new CheckpointView(held == null ? step : held, saved.getUri()));
    } else if (body instanceof AdviceApplied applied) {
      appliedThreshold = applied.getApplied();
      current.add(AttemptCurves.CLIP_THRESHOLD, step, applied.getApplied());
    } else if (body instanceof RunEnded ended) {
      outcome = ended.getOutcome().name();
    }
  }

  /** Takes statistics; where no events are read they stand in for the curves. */
  void take(RunStatistics record) {
    if (statistics != null && record.getAttempt() < statistics.getAttempt()) {
      return;
    }
    statistics = record;
    heard(record.getEmittedAt());
    AttemptCurves current = attempt(record.getAttempt());
    if (current == null) {
      return;
    }
    current.add(
        AttemptCurves.ADVISED_THRESHOLD, record.getStep(), record.getAdvisedClipThreshold());
    if (!current.hasSteps()) {
      current.heard(record.getStep(), record.getEmittedAt());
      pace.heard(record.getStep(), record.getEmittedAt());
      Double itsLoss = lastOf(record.getLoss().getCount(), record.getLoss().getLast());
      Double itsNorm = lastOf(record.getGradNorm().getCount(), record.getGradNorm().getLast());
      if (record.getAttempt() >= attemptOfEvents) {
        loss = itsLoss;
        gradNorm = itsNorm;
      }
      current.add(AttemptCurves.LOSS, record.getStep(), itsLoss);
      current.add(AttemptCurves.GRAD_NORM, record.getStep(), itsNorm);
    }
  }

  /** Takes advice; null: it is withdrawn. */
  void take(@Nullable ClipRecommendation record) {
    if (record == null) {
      advice = null;
      return;
    }
    if (advice != null && record.getAttempt() < advice.getAttempt()) {
      return;
    }
    advice = record;
    heard(record.getEmittedAt());
    AttemptCurves current = attempt(record.getAttempt());
    if (current != null) {
      current.add(
          AttemptCurves.ADVISED_THRESHOLD, record.getMadeAtStep(), record.getClipThreshold());
    }
  }

  /** An alarm tells that there is such a run, which may be all that is left of it. */
  void alarmed(long emittedAt) {
    alarmedAt = Math.max(alarmedAt, emittedAt);
  }

  private void take(AttemptCurves current, long step, StepCompleted body) {
    loss = body.getLoss() == null ? loss : body.getLoss();
    gradNorm = body.getGradNorm() == null ? gradNorm : body.getGradNorm();
    appliedThreshold = body.getClipThreshold() == null ? appliedThreshold : body.getClipThreshold();
    current.add(AttemptCurves.LOSS, step, body.getLoss());
    current.add(AttemptCurves.GRAD_NORM, step, body.getGradNorm());
    current.add(AttemptCurves.CLIP_THRESHOLD, step, body.getClipThreshold());
    current.add("learning_rate", step, body.getLearningRate());
    current.add("loss_scale", step, body.getLossScale());
    addMetrics(current, "metric:", step, body.getMetrics());
  }

  private static void addMetrics(
      AttemptCurves current, String prefix, long step, Map<String, Double> metrics) {
    metrics.forEach((name, value) -> current.add(prefix + name, step, value));
  }

  /** The curves of an attempt; null when it is older than all that are kept. */
  private @Nullable AttemptCurves attempt(int number) {
    AttemptCurves known = attempts.get(number);
    if (known != null) {
      return known;
    }
    if (attempts.size() == MOST_ATTEMPTS) {
      if (number < attempts.firstKey()) {
        return null;
      }
      attempts.pollFirstEntry();
    }
    AttemptCurves begun = new AttemptCurves(number);
    attempts.put(number, begun);
    return begun;
  }

  /** Lets go of what is large. */
  void forgetDetails(DetailBudget budget) {
    details.forget(budget);
  }

  private boolean speaksForTheRun(@Nullable Integer rank) {
    if (rank == null) {
      spokenByNobody = true;
      return true;
    }
    return rank == 0 && !spokenByNobody;
  }

  private void heard(long emittedAt) {
    startedAt = startedAt == 0 ? emittedAt : Math.min(startedAt, emittedAt);
    updatedAt = Math.max(updatedAt, emittedAt);
  }

  private void note(CheckpointView checkpoint) {
    if (checkpoints.size() == MOST_CHECKPOINTS) {
      checkpoints.removeFirst();
    }
    checkpoints.addLast(checkpoint);
  }

  private static @Nullable Double lastOf(long count, double value) {
    return count == 0 ? null : value;
  }

  @Nullable RunStarted started() {
    return started;
  }

  @Nullable RunStatistics statistics() {
    return statistics;
  }

  @Nullable ClipRecommendation advice() {
    return advice;
  }

  @Nullable String outcome() {
    return outcome;
  }

  @Nullable Double appliedThreshold() {
    return appliedThreshold;
  }

  @Nullable Double loss() {
    return loss;
  }

  @Nullable Double gradNorm() {
    return gradNorm;
  }

  Pace pace() {
    return pace;
  }

  long startedAt() {
    return startedAt == 0 ? alarmedAt : startedAt;
  }

  long updatedAt() {
    return updatedAt == 0 ? alarmedAt : updatedAt;
  }

  int attempt() {
    return attempts.isEmpty() ? 0 : attempts.lastKey();
  }

  long step() {
    return attempts.isEmpty() ? 0 : Math.max(0, attempts.lastEntry().getValue().lastStep());
  }

  /** Oldest first. */
  List<AttemptCurves> attempts() {
    return List.copyOf(attempts.values());
  }

  List<CheckpointView> checkpoints() {
    return List.copyOf(checkpoints);
  }

  /** Of the newest attempt. */
  List<@Nullable Float> trend(String name, int points, boolean largest) {
    return attempts.isEmpty()
        ? List.of()
        : attempts.lastEntry().getValue().trend(name, points, largest);
  }

  Set<String> seriesNames() {
    Set<String> names = new TreeSet<>();
    attempts.values().forEach(attempt -> names.addAll(attempt.names()));
    return names;
  }

  @Nullable LayerGrid grid(LayerKind kind) {
    return details.grid(kind);
  }

  HistogramPage histograms() {
    return details.histograms();
  }
}
