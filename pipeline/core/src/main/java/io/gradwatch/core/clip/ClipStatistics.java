package io.gradwatch.core.clip;

/**
 * What clipping does to a run, and what the advice would do to it where it is not followed, as it
 * goes out.
 *
 * @param advisedThreshold threshold told last; NaN when none was
 * @param appliedThreshold threshold that the trainer last said to apply; NaN when it says none
 * @param use what the trainer does with the advice
 * @param advised effect of each threshold told on the norms of the steps after it
 * @param applied effect of each threshold that a step was clipped at on the norm of that step
 */
public record ClipStatistics(
    double advisedThreshold,
    double appliedThreshold,
    AdviceUse use,
    Effect advised,
    Effect applied) {

  /**
   * Effect of a threshold.
   *
   * @param steps steps with a finite norm and a threshold
   * @param clipped those whose norm was above it
   * @param nonfinite steps with a threshold whose norm was NaN or infinite; in no other count
   * @param share share of the recent steps that were above it, 0 to 1; NaN until one was seen
   * @param factor geometric mean of norm over threshold of those, at least 1; NaN where none was
   */
  public record Effect(long steps, long clipped, long nonfinite, double share, double factor) {
    static Effect of(ClipEffect effect) {
      return new Effect(
          effect.steps(), effect.clipped(), effect.nonfinite(), effect.share(), effect.factor());
    }
  }
}
