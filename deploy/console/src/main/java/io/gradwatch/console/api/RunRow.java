package io.gradwatch.console.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run in the list of the fleet.
 *
 * @param project its project
 * @param run its id within the project
 * @param state how much it needs a person
 * @param need the same as a number to sort by, larger needs more
 * @param attempt newest attempt
 * @param step newest step read
 * @param plannedSteps steps it is meant to take
 * @param stepsPerSecond recent pace by the trainer's clock; null before two steps
 * @param loss newest loss
 * @param gradNorm newest gradient norm
 * @param lossTrend sparkline of the loss: up to 48 values from the first step to the newest, of
 *     each stretch the last; null for a stretch without a finite value
 * @param normTrend sparkline of the gradient norm, of each stretch the largest
 * @param growthRate growth of ln(gradient norm) per step
 * @param doublingSteps steps in which the norm doubles at that rate; null where it does not grow
 * @param clipShare share of recent steps that were clipped, 0 to 1; null of a run that tells no
 *     threshold that it applies
 * @param adviceClipShare share of recent steps that the advice would have clipped, 0 to 1
 * @param advisedThreshold clip threshold told last
 * @param appliedThreshold clip threshold that the trainer said it applies
 * @param adviceUse UNKNOWN, FOLLOWED, BOUNDED or IGNORED
 * @param openAlarms alarms that are open
 * @param alarm the open alarm that asks most, of an ended run the one that ended with it; null when
 *     there is none
 * @param owner who to ask
 * @param framework what it runs on
 * @param tags labels of RunStarted
 * @param startedAt trainer's time of its first event
 * @param updatedAt trainer's time of its newest event
 * @param outcome COMPLETED, FAILED, CANCELLED, PREEMPTED or UNKNOWN once it has ended, else null
 */
public record RunRow(
    String project,
    String run,
    RunState state,
    double need,
    int attempt,
    long step,
    @Nullable Long plannedSteps,
    @Nullable Double stepsPerSecond,
    @Nullable Double loss,
    @Nullable Double gradNorm,
    List<@Nullable Float> lossTrend,
    List<@Nullable Float> normTrend,
    @Nullable Double growthRate,
    @Nullable Double doublingSteps,
    @Nullable Double clipShare,
    @Nullable Double adviceClipShare,
    @Nullable Double advisedThreshold,
    @Nullable Double appliedThreshold,
    String adviceUse,
    int openAlarms,
    @Nullable AlarmBrief alarm,
    String owner,
    String framework,
    Map<String, String> tags,
    long startedAt,
    long updatedAt,
    @Nullable String outcome) {}
