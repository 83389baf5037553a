package io.gradwatch.agent;

/** Hears how runs are played; called by the playing thread. */
public interface PlayListener {

  /** Hears nothing. */
  PlayListener NONE = new PlayListener() {};

  /** The first run begins. */
  default void began(int runs) {}

  /**
   * Steps were published: at least one of each run that is not at its end, or those of a tenth of a
   * second.
   *
   * @param steps steps of all runs so far
   * @param progress share of all runs that was played, 0 to 1; NaN where they have no end
   */
  default void advanced(long steps, double progress) {}

  /** A run's last event was published. */
  default void runEnded(String runId, long steps) {}

  /** A run could not be read on; the other runs go on. */
  default void runFailed(String runId, String message) {}

  /** All is over. */
  default void finished(PlaySummary summary) {}
}
