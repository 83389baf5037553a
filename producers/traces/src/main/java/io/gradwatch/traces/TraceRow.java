package io.gradwatch.traces;

import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.StepCompleted;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one row of a recording says: values as written, before {@link RunEvents} judges them in the
 * light of the rows before.
 */
public final class TraceRow {
  /** What the names of an evaluation's series begin with. */
  private static final List<String> EVALUATION_PREFIXES =
      List.of("eval_", "val_", "eval/", "val/", "validation_", "validation/");

  final StepCompleted step = new StepCompleted();
  final EvaluationCompleted evaluation = new EvaluationCompleted();
  final Set<Field> said = EnumSet.noneOf(Field.class);
  long stepNumber;
  int attempt;
  int rank;
  long emittedAt;
  double skippedIterations;
  boolean staleNorm;

  /** True when a series shows that gradient norms are multiplied by the loss scale. */
  boolean scaledNorm;

  RowEvent event = RowEvent.NONE;
  @Nullable String run;

  /** Layer names in forward order, where the recording tells them. */
  @Nullable List<String> layerNames;

  private boolean saysStep;

  /** A row that says nothing yet. */
  public TraceRow() {
    step.setMetrics(Map.of());
    evaluation.setMetrics(Map.of());
  }

  /**
   * Takes a value that its field does not {@link Field#objection object} to; a field said twice
   * keeps the last.
   */
  public void set(Field field, double value) {
    said.add(field);
    saysStep |= isOfStep(field);
    switch (field) {
      case STEP -> stepNumber = (long) value;
      case ATTEMPT -> attempt = (int) value;
      case RANK -> rank = (int) value;
      case EMITTED_AT -> emittedAt = (long) value;
      case LOSS -> step.setLoss(value);
      case GRAD_NORM -> step.setGradNorm(value);
      case GRAD_NORM_STALE -> staleNorm = value == 1;
      case LEARNING_RATE -> step.setLearningRate(value);
      case CLIP_THRESHOLD ->
          step.setClipThreshold(
              value > 0 && value < Double.POSITIVE_INFINITY ? (Double) value : null);
      case LOSS_SCALE -> step.setLossScale(value > 0 ? (Double) value : null);
      case SKIPPED -> step.setUpdateSkipped(value != 0);
      case SKIPPED_ITERATIONS -> {
        skippedIterations = value;
        metric("skipped_iterations", value);
      }
      case NONFINITE_COUNT -> step.setNonfiniteCount(value);
      case NAN_ITERATIONS -> metric("nan_iterations", value);
      case BATCH_SIZE -> step.setBatchSize(value > 0 ? (Double) value : null);
      case GRAD_ABS_MAX -> step.setGradAbsMax(value);
      case EVAL_LOSS -> evaluation.setLoss(value);
      case EVENT, RUN, IGNORED -> throw new IllegalArgumentException(field + " is no number");
    }
  }

  /** Takes a whole number, such as a step. */
  public void set(Field field, long value) {
    set(field, (double) value);
  }

  /** Takes a word of one of the text fields. */
  public void set(Field field, String word) {
    said.add(field);
    switch (field) {
      case EVENT -> event = RowEvent.of(word);
      case RUN -> run = word;
      case IGNORED -> {}
      default -> throw new IllegalArgumentException(field + " is no text");
    }
  }

  /**
   * Takes a series of any other name: one of an evaluation when its name says so, else of the step.
   */
  public void metric(String name, double value) {
    if (isOfEvaluation(name)) {
      if (evaluation.getMetrics().isEmpty()) {
        evaluation.setMetrics(new LinkedHashMap<>());
      }
      evaluation.getMetrics().put(name, value);
    } else {
      if (step.getMetrics().isEmpty()) {
        step.setMetrics(new LinkedHashMap<>());
      }
      step.getMetrics().put(name, value);
    }
  }

  /** Takes one value per layer. */
  void layers(LayerSeries series, float[] values, int count) {
    series.put(step, values, count);
    saysStep = true;
  }

  public boolean hasEvaluation() {
    return evaluation.getLoss() != null || !evaluation.getMetrics().isEmpty();
  }

  /** True when the row speaks of the step itself, not of an evaluation or event alone. */
  public boolean hasStep() {
    return saysStep || !saysNothingButEpoch() || (!hasEvaluation() && !said.contains(Field.EVENT));
  }

  /** Loggers put the epoch into each row, also into one that speaks of an evaluation only. */
  private boolean saysNothingButEpoch() {
    Map<String, Double> metrics = step.getMetrics();
    return metrics.isEmpty() || (metrics.size() == 1 && metrics.containsKey("epoch"));
  }

  /**
   * True when the row speaks of the step by more than series of other names, which a program may
   * write at times of their own.
   */
  public boolean tellsStep() {
    return hasStep() && (saysStep || step.getMetrics().isEmpty());
  }

  /** Whether the row says this. */
  public boolean says(Field field) {
    return said.contains(field);
  }

  /** The step; 0 where the row does not say it. */
  public long stepNumber() {
    return stepNumber;
  }

  /** The rank; 0 where the row does not say it. */
  public int rank() {
    return rank;
  }

  /** What the row's event says. */
  public RowEvent event() {
    return event;
  }

  /** The run it says it is of; null where it does not. */
  public @Nullable String run() {
    return run;
  }

  /** Number of series of other names. */
  int metrics() {
    return step.getMetrics().size() + evaluation.getMetrics().size();
  }

  /** A series of another name; null where the row does not say it. */
  public @Nullable Double metric(String name) {
    Double ofStep = step.getMetrics().get(name);
    return ofStep == null ? evaluation.getMetrics().get(name) : ofStep;
  }

  /** Of the main values: rows that differ in one hardly ever have the same. */
  public long digest() {
    return Objects.hash(
        stepNumber,
        step.getLoss(),
        step.getGradNorm(),
        step.getLearningRate(),
        evaluation.getLoss(),
        event.name());
  }

  static boolean isOfEvaluation(String name) {
    return EVALUATION_PREFIXES.stream().anyMatch(name::startsWith);
  }

  private static boolean isOfStep(Field field) {
    return switch (field) {
      case STEP, ATTEMPT, RANK, EMITTED_AT, EVAL_LOSS, EVENT, RUN, IGNORED, GRAD_NORM_STALE ->
          false;
      default -> true;
    };
  }
}
