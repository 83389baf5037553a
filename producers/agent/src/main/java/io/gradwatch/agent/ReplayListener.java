package io.gradwatch.agent;

/** Hears how a replay goes on; called by the replaying thread. */
public interface ReplayListener {

  /** Hears nothing. */
  ReplayListener NONE = new ReplayListener() {};

  /** The replay begins. */
  default void began(int runs) {}

  /**
   * One step of each run that is not at its end was published.
   *
   * @param steps steps of all runs so far
   * @param progress share of all recordings that was read, 0 to 1
   */
  default void advanced(long steps, double progress) {}

  /** A run's last event was published. */
  default void runEnded(String runId, long steps) {}

  /** A run's recording could not be read on; the other runs go on. */
  default void runFailed(String runId, String message) {}

  /** The replay is over. */
  default void finished(ReplaySummary summary) {}
}
