package io.gradwatch.console.model;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Memory for what is large about a run: heat maps and histograms. When it is used up, the run that
 * was heard of longest ago lets go of its own, if that is more than an hour before the one that
 * asks; otherwise the asking run goes without.
 */
final class DetailBudget {
  private static final long OLD_MS = 3_600_000;

  private final long bytes;
  private final IdentityHashMap<RunStory, Long> taken = new IdentityHashMap<>();
  private long used;

  /**
   * @param bytes how much there is
   */
  DetailBudget(long bytes) {
    this.bytes = bytes;
  }

  boolean take(RunStory run, long amount) {
    if (amount > bytes) {
      return false;
    }
    while (used + amount > bytes) {
      RunStory oldest = oldest();
      if (oldest == null || oldest == run || !mayGo(oldest, run)) {
        return false;
      }
      oldest.forgetDetails(this);
    }
    used += amount;
    taken.merge(run, amount, Long::sum);
    return true;
  }

  /** Everything the run has taken is free again. */
  void give(RunStory run) {
    Long amount = taken.remove(run);
    used -= amount == null ? 0 : amount;
  }

  private static boolean mayGo(RunStory oldest, RunStory asking) {
    return oldest.outcome() != null || oldest.updatedAt() < asking.updatedAt() - OLD_MS;
  }

  private @Nullable RunStory oldest() {
    return taken.keySet().stream().min(RunStory.FIRST_TO_GO).orElse(null);
  }
}
