package io.gradwatch.console.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one run but its curves.
 *
 * @param row as in the fleet
 * @param layers names of its layers in forward order; the first 1,024
 * @param layerCount layers it has
 * @param worldSize ranks
 * @param clipMode how the trainer clips
 * @param clipThreshold the trainer's own threshold
 * @param normStage PRE_CLIP or POST_CLIP
 * @param attempts its attempts, oldest first; the newest 8
 * @param checkpoints newest 32 checkpoints, oldest first
 * @param series names of the curves there are
 * @param statistics newest rolling statistics, by the names of RunStatistics; null before the first
 * @param advice newest advice, by the names of ClipRecommendation; null when there is none
 * @param alarms its newest 100 alarms, newest first
 * @param overflow when the growth overflows; null while nothing grows
 */
public record RunDetail(
    RunRow row,
    List<String> layers,
    int layerCount,
    int worldSize,
    String clipMode,
    @Nullable Double clipThreshold,
    String normStage,
    List<AttemptView> attempts,
    List<CheckpointView> checkpoints,
    List<String> series,
    @Nullable Map<String, Object> statistics,
    @Nullable Map<String, Object> advice,
    List<AlarmView> alarms,
    @Nullable OverflowView overflow) {

  /**
   * One attempt.
   *
   * @param attempt its number
   * @param firstStep first step seen
   * @param lastStep newest step seen
   * @param startedAt trainer's time of its first event
   * @param updatedAt trainer's time of its newest event
   */
  public record AttemptView(
      int attempt, long firstStep, long lastStep, long startedAt, long updatedAt) {}

  /**
   * A checkpoint.
   *
   * @param step step whose state it holds
   * @param uri where it lies
   */
  public record CheckpointView(long step, String uri) {}

  /**
   * A growth on its way to overflow.
   *
   * @param alarm the alarm that tells it
   * @param atStep step at which it was told
   * @param steps steps from there to overflow
   * @param low lower end of the interval, steps; null when none was told
   * @param high upper end of the interval, steps; null when none was told
   * @param doublingSteps steps in which the norm doubles
   * @param seconds from the newest step to overflow at the recent pace; null when unknown
   */
  public record OverflowView(
      String alarm,
      long atStep,
      double steps,
      @Nullable Double low,
      @Nullable Double high,
      @Nullable Double doublingSteps,
      @Nullable Double seconds) {}
}
