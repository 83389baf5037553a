package io.gradwatch.core.fleet;

import io.gradwatch.core.policy.FleetIncidentPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The runs of one group that paged within a window around a time, and whether they make an
 * incident.
 *
 * @param paged those of the window that holds most of them; of several such windows the first
 * @param active runs of the group that are active or among these; those that were dropped, too, so
 *     that what is left of a group is never all of it
 */
record Crowd(Group group, List<WatchedRun> paged, int active) {
  /** Fewest runs that are "all runs" of a group. */
  private static final int LEAST = 2;

  /**
   * Finds it; every window that is looked at holds the time itself. A crowd that would not be
   * enough if all of its pages were in one window is left unsorted.
   *
   * @param dropped active runs of the group that are not among these
   */
  static Crowd around(
      long time, Group group, Iterable<WatchedRun> runs, int dropped, FleetIncidentPolicy policy) {
    long windowMillis = policy.windowMillis();
    List<WatchedRun> near = new ArrayList<>();
    int activeElsewhere = dropped;
    int activeNear = 0;
    for (WatchedRun run : runs) {
      if (run.belongsTo(group)) {
        if (run.pagedNear(time, windowMillis)) {
          near.add(run);
          activeNear += run.active ? 1 : 0;
        } else if (run.active) {
          activeElsewhere++;
        }
      }
    }
    Crowd most = new Crowd(group, near, activeElsewhere + activeNear);
    if (!most.isEnough(policy) && activeElsewhere > 0) {
      return most;
    }
    near.sort(Comparator.comparingLong(run -> run.pagedAt));
    int from = 0;
    int to = 0;
    int end = 0;
    for (int begin = 0; begin < near.size() && near.get(begin).pagedAt <= time; begin++) {
      while (end < near.size()
          && WatchedRun.isNear(near.get(end).pagedAt, near.get(begin).pagedAt, windowMillis)) {
        end++;
      }
      if (end - begin > to - from) {
        from = begin;
        to = end;
      }
    }
    int active = activeElsewhere + to - from;
    for (int i = 0; i < near.size(); i++) {
      active += (i < from || i >= to) && near.get(i).active ? 1 : 0;
    }
    return new Crowd(group, near.subList(from, to), active);
  }

  /** Whether enough of them page, whatever else may explain it. */
  boolean isEnough(FleetIncidentPolicy policy) {
    return areMany(policy) || areAll();
  }

  boolean areMany(FleetIncidentPolicy policy) {
    return paged.size() >= policy.runs() && paged.size() >= policy.share() * active;
  }

  boolean areAll() {
    return !group.equals(Group.FLEET) && paged.size() >= LEAST && paged.size() == active;
  }

  /**
   * The group within this one that most of these share, when few are left without it: fewer than
   * two of many, none of all.
   *
   * @param tag of the narrower groups that are looked at
   * @return {@link Group#FLEET} when there is none
   */
  Group mostlyOf(String tag) {
    Map<Group, Integer> counts = new HashMap<>();
    Group most = Group.FLEET;
    int shared = 0;
    for (WatchedRun run : paged) {
      for (Group narrower : run.groups) {
        if (narrower.tag().equals(tag) && counts.merge(narrower, 1, Integer::sum) > shared) {
          shared = counts.getOrDefault(narrower, 0);
          most = narrower;
        }
      }
    }
    int left = paged.size() - shared;
    return left < (areAll() ? 1 : LEAST) ? most : Group.FLEET;
  }
}
