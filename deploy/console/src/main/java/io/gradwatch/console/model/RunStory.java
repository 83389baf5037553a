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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known about one run. */
final class RunStory {
  /**
   * Which to let go of when there is no room: what has ended, then what was not heard of longest.
   */
  static final Comparator<RunStory> FIRST_TO_GO =
      Comparator.comparing((RunStory run) -> run.outcome == null)
          .thenComparingLong(run -> run.updatedAt);

  private static final int MOST_ATTEMPTS = 8;
  private static final int MOST_CHECKPOINTS = 32;

  private final RunKey key;
  private final Deque<AttemptCurves> attempts = new ArrayDeque<>();
  private final Deque<CheckpointView> checkpoints = new ArrayDeque<>();
  private final Pace pace = new Pace();
  private final Map<LayerKind, LayerGrid> grids = new EnumMap<>(LayerKind.class);
  private @Nullable HistogramStrip histograms;
  private @Nullable RunStarted started;
  private @Nullable RunStatistics statistics;
  private @Nullable ClipRecommendation advice;
  private @Nullable String outcome;
  private @Nullable Double appliedThreshold;
  private @Nullable Double loss;
  private @Nullable Double gradNorm;
  private boolean spokenByNobody;
  private boolean hasSteps;
  private long startedAt;
  private long updatedAt;

  RunStory(RunKey key) {
    this.key = key;
  }

  RunKey key() {
    return key;
  }

  /**
   * Takes an event. Older attempts, repeated steps and ranks that do not speak for the run change
   * nothing.
   *
   * @param details keeps grids and histograms, when there is memory for them
   */
  void take(TrainingEvent event, DetailBudget details) {
    if (!speaksForTheRun(event.getRank())) {
      return;
    }
    AttemptCurves current = attempts.peekLast();
    if (current != null && event.getAttempt() < current.attempt()) {
      return;
    }
    Object body = event.getBody();
    if (current == null || event.getAttempt() > current.attempt()) {
      current = begin(event.getAttempt(), details);
    } else if (body instanceof StepCompleted && hasSteps && event.getStep() <= current.lastStep()) {
      return;
    }
    heard(event.getEmittedAt());
    if (body instanceof StepCompleted step) {
      current.heard(event.getStep(), event.getEmittedAt());
      pace.heard(event.getStep(), event.getEmittedAt());
      hasSteps = true;
      take(current, event.getStep(), step, details);
    } else if (body instanceof RunStarted start) {
      started = start;
      outcome = null;
      if (!hasSteps) {
        current.heard(event.getStep(), event.getEmittedAt());
      }
    } else if (body instanceof EvaluationCompleted evaluation) {
      current.add("eval_loss", event.getStep(), evaluation.getLoss());
      addMetrics(current, "eval:", event.getStep(), evaluation.getMetrics());
    } else if (body instanceof CheckpointSaved saved) {
      Long held = saved.getCheckpointStep();
      note(new CheckpointView(held == null ? event.getStep() : held, saved.getUri()));
    } else if (body instanceof AdviceApplied applied) {
      appliedThreshold = applied.getApplied();
      current.add(AttemptCurves.CLIP_THRESHOLD, event.getStep(), applied.getApplied());
    } else if (body instanceof RunEnded ended) {
      outcome = ended.getOutcome().name();
    }
  }

  /** Takes statistics; where no events are read they stand in for the curves. */
  void take(RunStatistics record, DetailBudget details) {
    AttemptCurves current = attempts.peekLast();
    if (current != null && record.getAttempt() < current.attempt()) {
      return;
    }
    if (current == null || record.getAttempt() > current.attempt()) {
      current = begin(record.getAttempt(), details);
    }
    statistics = record;
    heard(record.getEmittedAt());
    current.add(
        AttemptCurves.ADVISED_THRESHOLD, record.getStep(), record.getAdvisedClipThreshold());
    if (!hasSteps) {
      current.heard(record.getStep(), record.getEmittedAt());
      pace.heard(record.getStep(), record.getEmittedAt());
      loss = lastOf(record.getLoss().getCount(), record.getLoss().getLast());
      gradNorm = lastOf(record.getGradNorm().getCount(), record.getGradNorm().getLast());
      current.add(AttemptCurves.LOSS, record.getStep(), loss);
      current.add(AttemptCurves.GRAD_NORM, record.getStep(), gradNorm);
    }
  }

  /** Takes advice; null: it is withdrawn. */
  void take(@Nullable ClipRecommendation record, DetailBudget details) {
    if (record == null) {
      advice = null;
      return;
    }
    AttemptCurves current = attempts.peekLast();
    if (current != null && record.getAttempt() < current.attempt()) {
      return;
    }
    if (current == null || record.getAttempt() > current.attempt()) {
      current = begin(record.getAttempt(), details);
    }
    advice = record;
    heard(record.getEmittedAt());
    current.add(AttemptCurves.ADVISED_THRESHOLD, record.getMadeAtStep(), record.getClipThreshold());
  }

  private void take(AttemptCurves current, long step, StepCompleted body, DetailBudget details) {
    loss = body.getLoss() == null ? loss : body.getLoss();
    gradNorm = body.getGradNorm() == null ? gradNorm : body.getGradNorm();
    appliedThreshold = body.getClipThreshold() == null ? appliedThreshold : body.getClipThreshold();
    current.add(AttemptCurves.LOSS, step, body.getLoss());
    current.add(AttemptCurves.GRAD_NORM, step, body.getGradNorm());
    current.add(AttemptCurves.CLIP_THRESHOLD, step, body.getClipThreshold());
    current.add("learning_rate", step, body.getLearningRate());
    current.add("loss_scale", step, body.getLossScale());
    addMetrics(current, "metric:", step, body.getMetrics());
    addLayers(LayerKind.GRADIENT, step, body.getLayerGradNorms(), details);
    addLayers(LayerKind.WEIGHT, step, body.getLayerWeightNorms(), details);
    addLayers(LayerKind.UPDATE, step, body.getLayerUpdateNorms(), details);
    addLayers(LayerKind.ZEROS, step, body.getLayerZeroFractions(), details);
    if (body.getHistogram() != null) {
      HistogramStrip strip = histograms;
      if (strip == null && details.take(this, HistogramStrip.BYTES)) {
        strip = new HistogramStrip();
        histograms = strip;
      }
      if (strip != null) {
        strip.add(step, body.getHistogram());
      }
    }
  }

  private void addLayers(
      LayerKind kind, long step, @Nullable List<Float> values, DetailBudget details) {
    if (values == null || values.isEmpty()) {
      return;
    }
    LayerGrid grid = grids.get(kind);
    if (grid == null || grid.layers() != values.size()) {
      if (grid == null && !details.take(this, LayerGrid.bytes(values.size()))) {
        return;
      }
      grid = new LayerGrid(values.size());
      grids.put(kind, grid);
    }
    grid.add(step, values);
  }

  private static void addMetrics(
      AttemptCurves current, String prefix, long step, Map<String, Double> metrics) {
    metrics.forEach((name, value) -> current.add(prefix + name, step, value));
  }

  private AttemptCurves begin(int attempt, DetailBudget details) {
    AttemptCurves current = new AttemptCurves(attempt);
    if (attempts.size() == MOST_ATTEMPTS) {
      attempts.removeFirst();
    }
    attempts.addLast(current);
    forgetDetails(details);
    hasSteps = false;
    outcome = null;
    return current;
  }

  /** Lets go of what is large, for a new attempt or for a run that needs it more. */
  void forgetDetails(DetailBudget details) {
    grids.clear();
    histograms = null;
    details.give(this);
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
    return startedAt;
  }

  long updatedAt() {
    return updatedAt;
  }

  int attempt() {
    AttemptCurves newest = attempts.peekLast();
    return newest == null ? 0 : newest.attempt();
  }

  long step() {
    AttemptCurves newest = attempts.peekLast();
    return newest == null ? 0 : Math.max(0, newest.lastStep());
  }

  List<AttemptCurves> attempts() {
    return new ArrayList<>(attempts);
  }

  List<CheckpointView> checkpoints() {
    return List.copyOf(checkpoints);
  }

  /** Of the newest attempt. */
  List<@Nullable Float> trend(String name, int points, boolean largest) {
    AttemptCurves newest = attempts.peekLast();
    return newest == null ? List.of() : newest.trend(name, points, largest);
  }

  Set<String> seriesNames() {
    Set<String> names = new LinkedHashSet<>();
    attempts.forEach(attempt -> names.addAll(attempt.names()));
    return names;
  }

  @Nullable LayerGrid grid(LayerKind kind) {
    return grids.get(kind);
  }

  HistogramPage histograms() {
    return histograms == null
        ? new HistogramPage(List.of(), 0, List.of(), List.of(), List.of())
        : histograms.view();
  }
}
