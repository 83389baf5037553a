package io.gradwatch.core.fleet;

import io.gradwatch.core.policy.FleetIncidentPolicy;
import java.util.List;

/** Which group explains the pages around one of them: the narrowest that does. */
final class Blame {
  /** Looks at what is wider, while an incident doubles; a power of two. */
  private static final int LOOKS_WHILE_DOUBLING = 8;

  private Blame() {}

  /**
   * Whether a page may make an incident. One that joins a large incident is looked at only when
   * that has grown by about a tenth, so that the cost of a storm is not the square of its size.
   */
  static boolean isWorthALook(FleetState state, WatchedRun run, FleetIncidentPolicy policy) {
    for (OpenIncident incident : state.incidents) {
      if (run.belongsTo(incident.group) && incident.reaches(run.pagedAt, policy.windowMillis())) {
        int size = incident.size() + 1;
        return (size & (Integer.highestOneBit(size) / LOOKS_WHILE_DOUBLING - 1)) == 0
            || size < LOOKS_WHILE_DOUBLING;
      }
    }
    return true;
  }

  static Crowd crowd(FleetState state, Group group, long time, FleetIncidentPolicy policy) {
    return Crowd.around(time, group, state.runs.values(), state.dropped(group), policy);
  }

  /** Whether a narrower group has an incident, or makes one, that leaves few of the crowd. */
  static boolean isExplained(FleetState state, Crowd crowd, long time, FleetIncidentPolicy policy) {
    int rank = Group.TAGS.indexOf(crowd.group().tag());
    List<String> narrower = rank < 0 ? Group.TAGS : Group.TAGS.subList(0, rank);
    for (String tag : narrower) {
      Group most = crowd.mostlyOf(tag);
      if (!most.equals(Group.FLEET)
          && (state.incidentOf(most) != null
              || crowd(state, most, time, policy).isEnough(policy))) {
        return true;
      }
    }
    return false;
  }

  /** Whether so many groups of the same tag have an incident that the widest group has one. */
  static boolean isOneOfMany(
      FleetState state, Group group, Group widest, long time, FleetIncidentPolicy policy) {
    if (group.equals(widest) || state.incidentOf(widest) != null) {
      return false;
    }
    long others =
        state.incidents.stream()
            .filter(incident -> incident.group.tag().equals(group.tag()))
            .filter(incident -> incident.reaches(time, policy.windowMillis()))
            .count();
    return others + 1 >= policy.runs();
  }
}
