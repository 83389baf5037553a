package io.gradwatch.core.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * All policy documents. A run inherits field by field from the fleet, its project and itself; the
 * nearer wins. Of several documents with one key the newest that is in effect counts. Immutable.
 */
public final class PolicyBook {
  private static final PolicyBook EMPTY = new PolicyBook(Map.of());

  /**
   * What holds for a run.
   *
   * @param until the time from which something else may hold; {@link Long#MAX_VALUE}: never
   */
  record InEffect(Policy policy, long until) {}

  private final Map<String, NavigableMap<Long, Settings>> byKey;

  private PolicyBook(Map<String, NavigableMap<Long, Settings>> byKey) {
    this.byKey = byKey;
  }

  /** Nothing set: every run has the defaults. */
  public static PolicyBook empty() {
    return EMPTY;
  }

  /** The same settings for every run, always. */
  public static PolicyBook of(Settings fleet) {
    return of(List.of(PolicyDocument.ofFleet(fleet)));
  }

  /**
   * The documents, in the order in which they were published: of two with one key and one time the
   * later counts.
   *
   * @throws IllegalArgumentException when settings have problems; the message says all of them
   */
  public static PolicyBook of(List<PolicyDocument> documents) {
    Map<String, NavigableMap<Long, Settings>> byKey = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (PolicyDocument document : documents) {
      for (SettingProblem problem : SettingsCatalog.problems(document.settings())) {
        problems.add(document.key() + ": " + problem);
      }
      byKey
          .computeIfAbsent(document.key(), key -> new TreeMap<>())
          .put(document.effectiveAt(), document.settings());
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return new PolicyBook(byKey);
  }

  /**
   * What is set for a run by all documents in effect, not yet a policy.
   *
   * @param emittedAt the newest time that an event of the run has told, in milliseconds since 1970
   */
  public Settings settings(String project, String runId, long emittedAt) {
    Settings merged = Settings.NONE;
    for (String key : keys(project, runId)) {
      Map.Entry<Long, Settings> newest = versions(key).floorEntry(emittedAt);
      if (newest != null) {
        merged = newest.getValue().over(merged);
      }
    }
    return merged;
  }

  /** The policy of a run, with the time until which it holds. */
  InEffect inEffect(String project, String runId, long emittedAt) {
    long until = Long.MAX_VALUE;
    for (String key : keys(project, runId)) {
      Long next = versions(key).higherKey(emittedAt);
      until = next == null ? until : Math.min(until, next);
    }
    return new InEffect(Policy.of(settings(project, runId, emittedAt)), until);
  }

  private NavigableMap<Long, Settings> versions(String key) {
    return byKey.getOrDefault(key, new TreeMap<>());
  }

  /** From the farthest to the nearest. */
  private static List<String> keys(String project, String runId) {
    return List.of(
        PolicyScope.FLEET.prefix() + PolicyDocument.FLEET_NAME,
        PolicyScope.PROJECT.prefix() + project,
        PolicyScope.RUN.prefix() + project + "/" + runId);
  }
}
