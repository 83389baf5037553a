package io.gradwatch.lab.calibrate;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Alarms by kind, the steps in which they came, and the runs they came from. */
final class AlarmCounts {
  private final Map<Severity, Map<AlarmKind, Integer>> counts = new EnumMap<>(Severity.class);
  private final Map<Severity, Set<String>> runs = new EnumMap<>(Severity.class);
  private long steps;

  AlarmCounts() {
    for (Severity severity : Severity.values()) {
      counts.put(severity, new EnumMap<>(AlarmKind.class));
      runs.put(severity, new TreeSet<>());
    }
  }

  void addStep() {
    steps++;
  }

  void add(String run, AlarmKind kind, Severity severity) {
    of(severity).merge(kind, 1, Integer::sum);
    runs.getOrDefault(severity, Set.of()).add(run);
  }

  void addAll(AlarmCounts other) {
    steps += other.steps;
    for (Severity severity : Severity.values()) {
      other.of(severity).forEach((kind, count) -> of(severity).merge(kind, count, Integer::sum));
      runs.getOrDefault(severity, Set.of()).addAll(other.runs(severity));
    }
  }

  long steps() {
    return steps;
  }

  /** By kind, those that came at all. */
  Map<AlarmKind, Integer> of(Severity severity) {
    return counts.getOrDefault(severity, Map.of());
  }

  int total(Severity severity) {
    return of(severity).values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Runs whose resampled series raised such an alarm. */
  Set<String> runs(Severity severity) {
    return runs.getOrDefault(severity, Set.of());
  }
}
