package io.gradwatch.agent;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was played.
 *
 * @param runs how many there were
 * @param steps steps published, of all runs
 * @param events events published, steps among them
 * @param failures runs that could not be read to their end, with the reason
 * @param complete false when it was interrupted
 * @param elapsed how long it took until the last event was in the publisher's queue
 * @param latest how late a step was at most, behind the pace that was asked for
 */
public record PlaySummary(
    int runs,
    long steps,
    long events,
    Map<String, String> failures,
    boolean complete,
    Duration elapsed,
    Duration latest) {

  public PlaySummary {
    failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }
}
