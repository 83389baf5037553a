package io.gradwatch.jobs.functions;

import java.io.Serializable;
import java.time.Duration;

/**
 * Bounds of what the job takes and keeps.
 *
 * @param deadLetterMaxBytes most bytes a dead letter keeps of a refused record
 * @param runExpiry time without an event after which a run is forgotten
 * @param maxRuns most runs of one project that have not ended in one task, and a tenth of those it
 *     remembers; events of further ones are dropped
 * @param maxWarnings most records of alarms below CRITICAL that one task writes for one project
 *     within a minute of its events' time; further ones are dropped, resolutions never are
 * @param heldRuns runs of one task whose state is held as an object between checkpoints, where the
 *     backend keeps bytes
 * @param mostCheckpointAge time without a completed checkpoint after which one that fails is one
 *     too many, and the job goes back to the last
 */
public record MonitorLimits(
    int deadLetterMaxBytes,
    Duration runExpiry,
    int maxRuns,
    int maxWarnings,
    int heldRuns,
    Duration mostCheckpointAge)
    implements Serializable {

  /** Where nothing waits for a checkpoint. */
  public static final Duration ANY_AGE = Duration.ofMillis(Long.MAX_VALUE);

  /** The same with another bound of the age of the last checkpoint. */
  public MonitorLimits withMostCheckpointAge(Duration most) {
    return new MonitorLimits(deadLetterMaxBytes, runExpiry, maxRuns, maxWarnings, heldRuns, most);
  }
}
