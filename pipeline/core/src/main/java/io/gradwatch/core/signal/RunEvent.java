package io.gradwatch.core.signal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event of one run, decoded and checked.
 *
 * @param project the project, which is the topic
 * @param runId the run within its project, not blank
 * @param attempt 0 for the first start, one more at every resume
 * @param step optimizer step, 0 to 2^53
 * @param emittedAt the trainer's clock in milliseconds since 1970; copied into outputs, never used
 *     by a detector
 * @param rank the rank that speaks, or {@link #WHOLE_RUN}
 * @param body what happened
 */
public record RunEvent(
    String project, String runId, int attempt, long step, long emittedAt, int rank, Body body) {

  /** Rank of an event that speaks for the whole run. */
  public static final int WHOLE_RUN = -1;

  /** What happened. */
  public sealed interface Body
      permits Observation,
          Started,
          EvaluationCompleted,
          CheckpointSaved,
          AdviceApplied,
          Ended,
          Heartbeat,
          Removed {}

  /** How the trainer clips gradients. */
  public enum ClipMode {
    UNKNOWN,
    NONE,
    GLOBAL_NORM,
    LAYER_NORM,
    VALUE
  }

  /** Whether norms are taken before or after clipping. */
  public enum NormStage {
    PRE_CLIP,
    POST_CLIP
  }

  /** How a run ended. */
  public enum Outcome {
    UNKNOWN,
    COMPLETED,
    FAILED,
    CANCELLED,
    PREEMPTED
  }

  /**
   * The run started, resumed or said again who it is.
   *
   * @param layerNames in forward order
   * @param worldSize number of ranks, at least 1
   * @param plannedSteps steps it means to take; NaN when not told
   * @param clipThreshold the trainer's own threshold; NaN when not told
   * @param normScaled true when norms are still multiplied by the loss scale
   */
  public record Started(
      String owner,
      String framework,
      List<String> layerNames,
      int worldSize,
      double plannedSteps,
      ClipMode clipMode,
      double clipThreshold,
      NormStage normStage,
      boolean normScaled,
      Map<String, String> tags)
      implements Body {}

  /**
   * An evaluation on held-out data, after the step of the event.
   *
   * @param loss evaluation loss, or null when not reported
   */
  public record EvaluationCompleted(@Nullable Double loss, Map<String, Double> metrics)
      implements Body {}

  /** A checkpoint one can roll back to, holding the state after {@code checkpointStep}. */
  public record CheckpointSaved(String uri, long checkpointStep) implements Body {}

  /**
   * What the trainer did with a recommendation.
   *
   * @param advised the threshold that was advised; NaN when none
   * @param applied the threshold that was applied; NaN when none
   * @param madeAtStep step at which the advice was made; -1 when not told
   */
  public record AdviceApplied(double advised, double applied, long madeAtStep) implements Body {}

  /** The attempt ended. */
  public record Ended(Outcome outcome) implements Body {}

  /** The trainer lives although no step completed. */
  public record Heartbeat() implements Body {}

  /**
   * An operator took the run out: whoever keeps its state forgets it, and what comes later is of a
   * new run. A {@code RunMonitor} has nothing to say to it.
   */
  public record Removed() implements Body {}
}
