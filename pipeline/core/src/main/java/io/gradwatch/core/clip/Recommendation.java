package io.gradwatch.core.clip;

/**
 * Clip advice for one run, as it goes out; replaces all earlier advice of the run.
 *
 * @param madeAtStep newest step read when the advice was made
 * @param validUntilStep last step for which it holds
 * @param clipThreshold clip the global gradient L2 norm to this; NaN: no advice on it
 * @param layerClipThresholds the same for each layer, in forward order, NaN for one without advice;
 *     empty: no advice on it
 * @param clipValue clip each component to plus or minus this; NaN: no advice on it
 * @param learningRateFactor multiply the learning rate by this while a divergence is open; NaN: no
 *     advice on it
 * @param rollbackStep checkpoint to go back to while a divergence is open; -1: none
 * @param centre geometric centre of the norms the advice rests on; NaN: none since they began anew
 * @param spread standard deviation of their logarithm; NaN: fewer than two since then
 * @param floor lowest threshold the advisor would have given
 * @param ceiling highest threshold the advisor would have given
 * @param frozen true while a disturbance is under way and the threshold is not raised; never under
 *     a published rule
 * @param summary the reason in one sentence with its numbers
 */
public record Recommendation(
    String project,
    String runId,
    int attempt,
    long madeAtStep,
    long validUntilStep,
    long emittedAt,
    double clipThreshold,
    float[] layerClipThresholds,
    double clipValue,
    double learningRateFactor,
    long rollbackStep,
    double centre,
    double spread,
    double floor,
    double ceiling,
    boolean frozen,
    AdviceReason reason,
    String summary) {

  /** The same, with a sentence about it. */
  public Recommendation withSummary(String text) {
    return new Recommendation(
        project,
        runId,
        attempt,
        madeAtStep,
        validUntilStep,
        emittedAt,
        clipThreshold,
        layerClipThresholds,
        clipValue,
        learningRateFactor,
        rollbackStep,
        centre,
        spread,
        floor,
        ceiling,
        frozen,
        reason,
        text);
  }
}
