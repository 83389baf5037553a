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
 */
public record MonitorLimits(
    int deadLetterMaxBytes, Duration runExpiry, int maxRuns, int maxWarnings)
    implements Serializable {}
