package io.gradwatch.lab.latency;

import java.util.HashMap;
import java.util.Map;

/** Which event was answered when, by the broker's clock; each counts once, by its first answer. */
final class Answers {
  private final Map<String, Long> asked = new HashMap<>();
  private final Map<String, Long> answered = new HashMap<>();

  /** An event that must be answered was written. */
  void asked(String run, long atMillis) {
    asked.merge(run, atMillis, Math::min);
  }

  /** An answer was written; a later one of the same run is one that is told again. */
  void answered(String run, long atMillis) {
    answered.merge(run, atMillis, Math::min);
  }

  /** How many were asked since then. */
  int askedSince(long fromMillis) {
    return (int) asked.values().stream().filter(at -> at >= fromMillis).count();
  }

  /** Of those asked since then, how many were answered. */
  int answeredSince(long fromMillis) {
    return (int)
        asked.entrySet().stream()
            .filter(entry -> entry.getValue() >= fromMillis && answered.containsKey(entry.getKey()))
            .count();
  }

  /** From event to answer, of those asked since then, in milliseconds. */
  long[] millisSince(long fromMillis) {
    return asked.entrySet().stream()
        .filter(entry -> entry.getValue() >= fromMillis && answered.containsKey(entry.getKey()))
        .mapToLong(entry -> answered.getOrDefault(entry.getKey(), 0L) - entry.getValue())
        .toArray();
  }
}
