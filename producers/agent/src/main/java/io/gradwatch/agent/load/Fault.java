package io.gradwatch.agent.load;

/** What happens to a run. */
public enum Fault {
  NONE,
  /** The gradient grows without end: it doubles every 16 steps. */
  GROWTH,
  /** Loss and gradient are NaN from one step on. */
  NAN,
  /** The gradient jumps for one step, again and again. */
  SPIKES,
  /** The loss stays where it is, and the gradient dies: it halves every 16 steps. */
  STALL;

  private static final double DOUBLING_STEPS = 16;

  /** Beyond that it stays as it is: still finite as a float. */
  private static final double MOST_DOUBLINGS = 60;

  private static final double MOST_HALVINGS = 20;

  private static final int STEPS_BETWEEN_SPIKES = 100;
  private static final double SPIKE = 30;

  /**
   * By what the gradient is multiplied.
   *
   * @param since steps since the fault began; below 0: it has not
   */
  double gradientFactor(long since) {
    if (since < 0) {
      return 1;
    }
    return switch (this) {
      case GROWTH -> Math.pow(2, Math.min(MOST_DOUBLINGS, since / DOUBLING_STEPS));
      case SPIKES -> since % STEPS_BETWEEN_SPIKES == 0 ? SPIKE : 1;
      case NAN -> Double.NaN;
      case STALL -> Math.pow(2, -Math.min(MOST_HALVINGS, since / DOUBLING_STEPS));
      case NONE -> 1;
    };
  }
}
