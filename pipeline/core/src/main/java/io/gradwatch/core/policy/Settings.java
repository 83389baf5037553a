package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What somebody set of a policy, by name; what is null or absent was not set and inherits. Any name
 * and number may stand here: {@link SettingsCatalog#problems} tells what is wrong with them, and
 * {@link Policy#of} refuses what has problems.
 *
 * @param falsePageIntervalSteps at most one false page in this many steps of a healthy run
 * @param detectors by the kind of their alarms
 * @param clipRule what the clip threshold follows
 * @param clip numbers of the clip advisor by name
 */
public record Settings(
    @Nullable Double falsePageIntervalSteps,
    Map<AlarmKind, DetectorSettings> detectors,
    @Nullable ClipRuleKind clipRule,
    SortedMap<String, Double> clip) {
  /** Nothing set. */
  public static final Settings NONE = new Settings(null, Map.of(), null, new TreeMap<>());

  public Settings {
    Map<AlarmKind, DetectorSettings> byKind = new EnumMap<>(AlarmKind.class);
    byKind.putAll(detectors);
    detectors = Collections.unmodifiableMap(byKind);
    clip = Collections.unmodifiableSortedMap(new TreeMap<>(clip));
  }

  /** What is set of one detector. */
  public DetectorSettings detector(AlarmKind kind) {
    return detectors.getOrDefault(kind, DetectorSettings.NONE);
  }

  /** These settings, and those of the other where these have none. */
  public Settings over(Settings farther) {
    Map<AlarmKind, DetectorSettings> merged = new EnumMap<>(AlarmKind.class);
    merged.putAll(farther.detectors);
    detectors.forEach((kind, nearer) -> merged.merge(kind, nearer, (far, near) -> near.over(far)));
    return new Settings(
        falsePageIntervalSteps == null ? farther.falsePageIntervalSteps : falsePageIntervalSteps,
        merged,
        clipRule == null ? farther.clipRule : clipRule,
        DetectorSettings.over(clip, farther.clip));
  }

  /** These settings with a threshold of a detector. */
  public Settings with(AlarmKind kind, String name, double value) {
    return with(kind, new DetectorSettings(null, null, Map.of(name, value)));
  }

  /** These settings with a detector on or off. */
  public Settings with(AlarmKind kind, boolean enabled) {
    return with(kind, new DetectorSettings(enabled, null, Map.of()));
  }

  /** These settings with the highest severity of a detector. */
  public Settings with(AlarmKind kind, Severity severity) {
    return with(kind, new DetectorSettings(null, severity, Map.of()));
  }

  /** These settings with a number of the clip advisor. */
  public Settings withClip(String name, double value) {
    return new Settings(null, Map.of(), null, new TreeMap<>(Map.of(name, value))).over(this);
  }

  /** These settings with the rule that the clip threshold follows. */
  public Settings withClip(ClipRuleKind rule) {
    return new Settings(null, Map.of(), rule, new TreeMap<>()).over(this);
  }

  /** These settings with at most one false page in so many steps. */
  public Settings withFalsePageInterval(double steps) {
    return new Settings(steps, Map.of(), null, new TreeMap<>()).over(this);
  }

  private Settings with(AlarmKind kind, DetectorSettings detector) {
    return new Settings(null, Map.of(kind, detector), null, new TreeMap<>()).over(this);
  }
}
