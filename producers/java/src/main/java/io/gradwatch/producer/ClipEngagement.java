package io.gradwatch.producer;

/**
 * How often and how far one rule clips, or would have clipped in shadow mode. Steps without a
 * finite norm above 0 do not count.
 *
 * @param steps steps for which the rule gave a threshold
 * @param clipped those among them whose norm was above it
 * @param meanFactor mean over the steps of what gradients were multiplied with, 1 where not
 *     clipped; above 0, at most 1; NaN without a step
 */
public record ClipEngagement(long steps, long clipped, double meanFactor) {

  /** Share of steps clipped: 0 to 1; NaN without a step. */
  public double clippedShare() {
    return steps == 0 ? Double.NaN : (double) clipped / steps;
  }
}
