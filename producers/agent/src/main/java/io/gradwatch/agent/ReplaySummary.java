package io.gradwatch.agent;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a replay did.
 *
 * @param runs recordings it was given
 * @param steps steps published, of all runs
 * @param events events published, steps among them
 * @param failures runs whose recording could not be read to its end, with the reason
 * @param complete false when the replay was interrupted
 * @param elapsed how long it took until the last event was in the publisher's queue
 */
public record ReplaySummary(
    int runs,
    long steps,
    long events,
    Map<String, String> failures,
    boolean complete,
    Duration elapsed) {

  public ReplaySummary {
    failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }
}
