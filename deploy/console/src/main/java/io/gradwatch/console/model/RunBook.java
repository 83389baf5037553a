package io.gradwatch.console.model;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs by their keys, in bounded number. */
final class RunBook {
  private final int most;
  private final DetailBudget details;
  private final Map<RunKey, RunStory> stories = new LinkedHashMap<>();
  private long forgotten;

  /**
   * @param most runs kept
   * @param details gets back what a run held that is let go of
   */
  RunBook(int most, DetailBudget details) {
    this.most = most;
    this.details = details;
  }

  /** A run that changes now: the one that is known, or a new one in the place of another. */
  RunStory change(RunKey key, long generation) {
    RunStory run = stories.get(key);
    if (run == null) {
      if (stories.size() >= most) {
        letGoOfOne();
      }
      run = new RunStory(key);
      stories.put(key, run);
    }
    run.change(generation);
    return run;
  }

  @Nullable RunStory get(RunKey key) {
    return stories.get(key);
  }

  /** In the order in which they were first heard of. */
  Collection<RunStory> all() {
    return Collections.unmodifiableCollection(stories.values());
  }

  int size() {
    return stories.size();
  }

  /** Grows whenever a run is let go of. */
  long forgotten() {
    return forgotten;
  }

  /** When a run last changed; 0 when there is no such run. */
  long changed(RunKey key) {
    RunStory run = stories.get(key);
    return run == null ? 0 : run.changed();
  }

  /** The runs that changed after a generation, by when each did. */
  Map<RunKey, Long> changedSince(long generation) {
    Map<RunKey, Long> later = new LinkedHashMap<>();
    for (RunStory run : stories.values()) {
      if (run.changed() > generation) {
        later.put(run.key(), run.changed());
      }
    }
    return later;
  }

  private void letGoOfOne() {
    stories.values().stream()
        .min(RunStory.FIRST_TO_GO)
        .ifPresent(
            victim -> {
              victim.forgetDetails(details);
              stories.remove(victim.key());
              forgotten++;
            });
  }
}
