package io.gradwatch.core.policy;

/**
 * Settings of DIVERGENCE.
 *
 * @param jumpSpreads spreads above its low at which the fast level of the loss has left it; 7
 * @param driftSpreads the same for the medium level, which noise moves less; 2, which holds for ten
 *     values in a row no more than once in a hundred thousand healthy ones of the recorded long
 *     runs
 * @param rise ln of the factor by which the loss must have risen as well; 0.1, so that a loss
 *     without noise does not page for a trifle
 * @param persistence values in a row for which this holds before it pages; 10, longer than a bad
 *     batch or three need to be forgotten
 */
public record DivergencePolicy(
    DetectorSwitch detector,
    double jumpSpreads,
    double driftSpreads,
    double rise,
    int persistence) {
  public DivergencePolicy {
    Check.above("divergence.jump_spreads", jumpSpreads, 0);
    Check.above("divergence.drift_spreads", driftSpreads, 0);
    Check.within("divergence.rise", rise, 0, 100);
    Check.within("divergence.persistence", persistence, 1, 10_000);
  }

  /** The settings a run has when nobody set any. */
  public static DivergencePolicy defaults() {
    return new DivergencePolicy(DetectorSwitch.CRITICAL, 7, 2, 0.1, 10);
  }
}
