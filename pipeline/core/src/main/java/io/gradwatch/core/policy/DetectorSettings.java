package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.Severity;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What somebody set of one detector; what is null or absent was not set.
 *
 * @param enabled false: the detector raises nothing
 * @param severity severity of its gravest alarms: lesser than by default holds all of them down to
 *     it, greater lifts the gravest to it
 * @param thresholds numbers by name
 */
public record DetectorSettings(
    @Nullable Boolean enabled, @Nullable Severity severity, SortedMap<String, Double> thresholds) {
  /** Nothing set. */
  public static final DetectorSettings NONE = new DetectorSettings(null, null, Map.of());

  public DetectorSettings {
    thresholds = Collections.unmodifiableSortedMap(new TreeMap<>(thresholds));
  }

  /** Thresholds in any order. */
  public DetectorSettings(
      @Nullable Boolean enabled, @Nullable Severity severity, Map<String, Double> thresholds) {
    this(enabled, severity, new TreeMap<>(thresholds));
  }

  /** These settings, and those of the other where these have none. */
  DetectorSettings over(DetectorSettings farther) {
    return new DetectorSettings(
        enabled == null ? farther.enabled : enabled,
        severity == null ? farther.severity : severity,
        over(thresholds, farther.thresholds));
  }

  static SortedMap<String, Double> over(Map<String, Double> nearer, Map<String, Double> farther) {
    SortedMap<String, Double> merged = new TreeMap<>(farther);
    merged.putAll(nearer);
    return merged;
  }
}
