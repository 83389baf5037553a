package io.gradwatch.jobs.functions;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The runs of one task, counted in memory since it began: those that are restored count from their
 * first event or timer on, so that for a while after a restore there may be more than the bound.
 * Not safe for use by several threads at once, but for {@link #active()}.
 */
final class RunCensus {
  private final int maxPerProject;

  /** Whether each run is active, by its key. */
  private final Map<String, Boolean> runs = new HashMap<>();

  private final Map<String, Integer> perProject = new HashMap<>();

  private final AtomicInteger active = new AtomicInteger();

  /**
   * A census without runs.
   *
   * @param maxPerProject runs of one project that are admitted
   */
  RunCensus(int maxPerProject) {
    this.maxPerProject = maxPerProject;
  }

  /** Whether there is room for a run; one that is counted already has its place. */
  boolean hasRoom(String project, String key) {
    return runs.containsKey(key) || perProject.getOrDefault(project, 0) < maxPerProject;
  }

  /** Counts a run, or notes that it is active or not from now on. */
  void count(String project, String key, boolean isActive) {
    Boolean was = runs.put(key, isActive);
    if (was == null) {
      perProject.merge(project, 1, Integer::sum);
    }
    note(Boolean.TRUE.equals(was), isActive);
  }

  /** A run is forgotten. */
  void remove(String project, String key) {
    Boolean was = runs.remove(key);
    if (was != null) {
      perProject.computeIfPresent(project, (name, count) -> count > 1 ? count - 1 : null);
      note(was, false);
    }
  }

  private void note(boolean wasActive, boolean isActive) {
    if (wasActive != isActive) {
      active.addAndGet(isActive ? 1 : -1);
    }
  }

  /** Runs that were heard of and have neither ended nor fallen silent nor been forgotten. */
  int active() {
    return active.get();
  }
}
