package io.gradwatch.core.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * All policy documents. A run inherits field by field from the fleet, its project and itself; the
 * nearer wins. Immutable.
 *
 * <p>A document replaces, from its time on, whatever was published before under its key: earlier
 * documents keep the time before it, and what had been planned for later is off. So the last one
 * published is what counts in the end, as in a compacted topic, which keeps that one only. Of one
 * key the newest {@value #MAX_VERSIONS} are kept; a run whose events are older than all of them has
 * nothing of that key.
 */
public final class PolicyBook {
  /**
   * Most documents of one key. Events of a week may be read again, and whoever publishes settings
   * more often than eight times a day replaces them before people could see what they do.
   */
  public static final int MAX_VERSIONS = 64;

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
   * The documents, in the order in which they were published.
   *
   * @throws IllegalArgumentException when settings have problems; the message says all of them
   */
  public static PolicyBook of(List<PolicyDocument> documents) {
    return EMPTY.with(documents);
  }

  private static void requireSound(List<PolicyDocument> documents) {
    List<String> problems = new ArrayList<>();
    for (PolicyDocument document : documents) {
      for (SettingProblem problem :
          SettingsCatalog.problems(document.scope(), document.settings())) {
        problems.add(document.key() + ": " + problem);
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  /**
   * This book with documents published after all of its own, in this order.
   *
   * @throws IllegalArgumentException when settings have problems; the message says all of them
   */
  public PolicyBook with(List<PolicyDocument> documents) {
    requireSound(documents);
    Map<String, NavigableMap<Long, Settings>> more = new HashMap<>(byKey);
    Set<String> copied = new HashSet<>();
    for (PolicyDocument document : documents) {
      if (copied.add(document.key())) {
        more.put(document.key(), new TreeMap<>(versions(document.key())));
      }
      add(document, more.getOrDefault(document.key(), new TreeMap<>()));
    }
    return new PolicyBook(more);
  }

  private static void add(PolicyDocument document, NavigableMap<Long, Settings> versions) {
    versions.tailMap(document.effectiveAt(), true).clear();
    versions.put(document.effectiveAt(), document.settings());
    if (versions.size() > MAX_VERSIONS) {
      versions.pollFirstEntry();
    }
  }

  /** True when nothing is set for anybody. */
  public boolean isEmpty() {
    return byKey.isEmpty();
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
    return new InEffect(
        Policy.of(settings(project, runId, emittedAt)), until(project, runId, emittedAt));
  }

  /**
   * The time from which something else may hold for a run.
   *
   * @param emittedAt as for {@link #settings}
   * @return milliseconds since 1970; {@link Long#MAX_VALUE}: never
   */
  public long until(String project, String runId, long emittedAt) {
    long until = Long.MAX_VALUE;
    for (String key : keys(project, runId)) {
      Long next = versions(key).higherKey(emittedAt);
      until = next == null ? until : Math.min(until, next);
    }
    return until;
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
