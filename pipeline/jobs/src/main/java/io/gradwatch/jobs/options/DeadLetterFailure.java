package io.gradwatch.jobs.options;

/** What happens when a dead letter cannot be written. */
public enum DeadLetterFailure {
  /** The job fails, and restarts as Flink is told to: no refused record is lost unseen. */
  FAIL,
  /** The letter is lost and counted, and the job goes on. */
  COUNT
}
