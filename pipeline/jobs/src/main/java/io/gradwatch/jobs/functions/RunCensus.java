package io.gradwatch.jobs.functions;

import io.gradwatch.core.silence.Reporting;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one task, counted in memory since it began: those that are restored count from their
 * first event or look on, so that for a while after a restore there may be more than the bounds.
 * Not safe for use by several threads at once, but for {@link #active()}.
 *
 * <p>A run takes a place until it ends: one that is silent may come back, one that ended leaves
 * room for the next, however many of them a sweep has in a week. But what is remembered of it stays
 * until it expires, and whoever begins and ends runs without pause must not fill the memory with
 * them: so all that are remembered have a bound of their own, {@value #REMEMBERED_PER_PLACE} times
 * as high. A run that is remembered is taken always, also one that begins again after its end when
 * no place is left: its state is there already.
 */
final class RunCensus {
  /** Runs that are remembered, ended ones too, to each place. */
  static final int REMEMBERED_PER_PLACE = 10;

  private final int maxPerProject;
  private final Map<String, Presence> runs = new HashMap<>();
  private final Map<String, Tally> perProject = new HashMap<>();
  private final AtomicInteger active = new AtomicInteger();

  /** What a run is doing. */
  private enum Presence {
    ACTIVE,
    SILENT,
    ENDED;

    static Presence of(Reporting reporting) {
      if (reporting.hasEnded()) {
        return ENDED;
      }
      return reporting.isExpected() ? ACTIVE : SILENT;
    }
  }

  /** Runs of one project. */
  private static final class Tally {
    private int remembered;
    private int ended;
  }

  /**
   * A census without runs.
   *
   * @param maxPerProject runs of one project that have not ended and are admitted, at least 1
   */
  RunCensus(int maxPerProject) {
    this.maxPerProject = maxPerProject;
  }

  /** Whether there is room for a run of which nothing is remembered. */
  boolean hasRoom(String project) {
    Tally tally = perProject.get(project);
    return tally == null
        || (tally.remembered - tally.ended < maxPerProject
            && tally.remembered < (long) REMEMBERED_PER_PLACE * maxPerProject);
  }

  /** Counts a run as what it is by now. */
  void count(String project, String key, Reporting reporting) {
    Presence now = Presence.of(reporting);
    @Nullable Presence was = runs.put(key, now);
    if (was != now) {
      move(project, was, now);
    }
  }

  /** A run is forgotten. */
  void remove(String project, String key) {
    @Nullable Presence was = runs.remove(key);
    if (was != null) {
      move(project, was, null);
    }
  }

  /**
   * Moves a run from one count to another.
   *
   * @param was null: it was not counted
   * @param now null: it is counted no more
   */
  private void move(String project, @Nullable Presence was, @Nullable Presence now) {
    Tally tally = perProject.computeIfAbsent(project, name -> new Tally());
    tally.remembered += one(now != null) - one(was != null);
    tally.ended += one(now == Presence.ENDED) - one(was == Presence.ENDED);
    if (tally.remembered == 0) {
      perProject.remove(project);
    }
    active.addAndGet(one(now == Presence.ACTIVE) - one(was == Presence.ACTIVE));
  }

  private static int one(boolean counts) {
    return counts ? 1 : 0;
  }

  /** Runs that were heard of and have neither ended nor fallen silent nor been forgotten. */
  int active() {
    return active.get();
  }
}
