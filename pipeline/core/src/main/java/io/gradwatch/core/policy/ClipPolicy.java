package io.gradwatch.core.policy;

/**
 * Settings of the clip advisor.
 *
 * @param headroom ln of the factor above the centre of the norms at which a run without tails is
 *     clipped; 0.7 (twice), lowered by the spread so that heavy tails are clipped at the centre
 * @param deadBand ln of the factor below which a change of the threshold is not worth telling; 0.15
 * @param raise ln of the largest factor by which one advice raises the threshold; 0.25
 * @param raiseIntervalSteps values between two raises; 10
 * @param validitySteps steps for which an advice holds; 1,000
 * @param learningRateFactor factor advised on the learning rate while a page is open; 0.5
 */
public record ClipPolicy(
    double headroom,
    double deadBand,
    double raise,
    int raiseIntervalSteps,
    int validitySteps,
    double learningRateFactor) {
  public ClipPolicy {
    Check.within("clip.headroom", headroom, -5, 5);
    Check.within("clip.dead_band", deadBand, 0, 2);
    Check.above("clip.raise", raise, 0);
    Check.within("clip.raise_interval_steps", raiseIntervalSteps, 1, 100_000);
    Check.within("clip.validity_steps", validitySteps, 10, 1_000_000);
    Check.within("clip.learning_rate_factor", learningRateFactor, 0, 1);
  }

  /** The settings a run has when nobody set any. */
  public static ClipPolicy defaults() {
    return new ClipPolicy(0.7, 0.15, 0.25, 10, 1_000, 0.5);
  }
}
