package io.gradwatch.core.fleet;

import io.gradwatch.core.alarm.AlarmId;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.fleet.Incident.Member;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what many runs that page have in common. Holds no state of its own.
 *
 * <p>A group has an incident when, by the trainers' clocks within one window, at least so many of
 * its runs paged and at least such a share of those that are active; or all of them, from two on,
 * but for {@link Group#FLEET}. It is told of the narrowest group that explains it: a wider one has
 * an incident only when, without the host or shard that has most of them, there would still be some
 * left. Where as many narrow groups as it takes runs have one each, the widest has it instead. An
 * incident of a wider group ends those within it.
 *
 * <p>Pages that reach an open incident, each within a window of another, join it; so which come
 * first makes no difference in the end, among runs that are known by then. Runs that are announced
 * only after others paged, as may happen when a backlog is read by several tasks, come too late to
 * keep these from being all of a group, or enough of it. A run is a member once. One that is silent
 * is not active, and its page not open, until it is heard again. An incident is over when no page
 * of its members is open, for a window of the listener's clock. Pages of one that is over make no
 * other.
 */
public final class FleetWatch {
  /** Runs that are remembered; the one not active that was heard of longest ago makes room. */
  static final int MAX_RUNS = 10_000;

  /** Incidents that are open at a time; no more are opened. */
  static final int MAX_OPEN = 100;

  /**
   * Time by the listener's clock between two records that tell of new members, unless these have
   * doubled: nobody reads a list that changes more often.
   */
  static final long UPDATE_INTERVAL_MILLIS = 60_000;

  /** Looks at what is wider, while an incident doubles; a power of two. */
  private static final int LOOKS_WHILE_DOUBLING = 8;

  private final List<Incident> told = new ArrayList<>();
  private long dropped;

  /** Runs, members and incidents for which there was no room, since this was made. */
  public long dropped() {
    return dropped;
  }

  /**
   * Hears of a run.
   *
   * @param now the listener's clock, in milliseconds since 1970
   * @return records to publish, valid until the next call; mostly none
   */
  public List<Incident> accept(FleetState state, FleetSignal signal, long now) {
    told.clear();
    RunKey key = new RunKey(signal.project(), signal.runId());
    WatchedRun run = state.runs.remove(key);
    if (run == null
        && (signal.what() == FleetSignal.What.PAGED || signal.what() == FleetSignal.What.LEFT)) {
      state.find(signal.groups());
    }
    switch (signal.what()) {
      case JOINED -> join(state, key, run, signal, now);
      case PAGED -> page(state, key, join(state, key, run, signal, now), signal, now);
      case RECOVERED, AWAY, LEFT -> {
        if (run != null) {
          state.runs.put(key, run);
          calm(state, key, run, signal, now);
        }
      }
    }
    return told;
  }

  private WatchedRun join(
      FleetState state, RunKey key, @Nullable WatchedRun known, FleetSignal signal, long now) {
    WatchedRun run = known == null ? new WatchedRun() : known;
    if (known == null && state.runs.size() >= MAX_RUNS) {
      makeRoom(state, signal, now);
    }
    run.groups = signal.groups();
    run.active = true;
    run.forgetAt = 0;
    state.runs.put(key, run);
    keepOpen(state, key, run);
    return run;
  }

  /** An active run goes only where all are, and is counted still. */
  private void makeRoom(FleetState state, FleetSignal signal, long now) {
    RunKey key =
        state.runs.entrySet().stream()
            .filter(entry -> !entry.getValue().active)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseGet(() -> state.runs.keySet().iterator().next());
    WatchedRun run = state.runs.remove(key);
    dropped++;
    if (run == null) {
      return;
    }
    if (run.active) {
      state.drop(run.groups);
    }
    settle(state, key, run, signal, now);
  }

  /** Incidents of a run that pages are not over. */
  private static void keepOpen(FleetState state, RunKey key, WatchedRun run) {
    for (OpenIncident incident : state.incidents) {
      if (run.pages() && incident.has(key, run)) {
        incident.resolveAt = 0;
      }
    }
  }

  private void page(FleetState state, RunKey key, WatchedRun run, FleetSignal signal, long now) {
    if (run.page.alarmId().equals(signal.page().alarmId())) {
      run.open = true;
      keepOpen(state, key, run);
      return;
    }
    run.page = signal.page();
    run.pagedAt = signal.emittedAt();
    run.open = true;
    run.settled = false;
    keepOpen(state, key, run);
    FleetIncidentPolicy policy = signal.policy();
    boolean looks = isWorthALook(state, run, policy);
    for (int i = run.groups.size() - 1; i >= 0; i--) {
      Group group = run.groups.get(i);
      OpenIncident incident = find(state, group);
      if (incident != null && incident.reaches(run.pagedAt, policy.windowMillis())) {
        gather(state, incident, key, run, signal, now);
        return;
      }
      if (!looks) {
        continue;
      }
      Crowd crowd = crowd(state, group, run.pagedAt, policy);
      if (crowd.isEnough(policy) && !isExplained(state, crowd, run.pagedAt, policy)) {
        if (incident != null) {
          gather(state, incident, key, run, signal, now);
          return;
        }
        Group widest = Group.widest(run.groups);
        boolean isOneOfMany = isOneOfMany(state, group, widest, run.pagedAt, policy);
        open(state, isOneOfMany ? widest : group, crowd, signal);
        return;
      }
    }
  }

  /**
   * Whether a page may make an incident. One that joins a large incident is looked at only when
   * that has grown by about a tenth, so that the cost of a storm is not the square of its size.
   */
  private static boolean isWorthALook(
      FleetState state, WatchedRun run, FleetIncidentPolicy policy) {
    for (OpenIncident incident : state.incidents) {
      if (run.belongsTo(incident.group) && incident.reaches(run.pagedAt, policy.windowMillis())) {
        int size = incident.size() + 1;
        return (size & (Integer.highestOneBit(size) / LOOKS_WHILE_DOUBLING - 1)) == 0
            || size < LOOKS_WHILE_DOUBLING;
      }
    }
    return true;
  }

  private static Crowd crowd(FleetState state, Group group, long time, FleetIncidentPolicy policy) {
    return Crowd.around(time, group, state.runs.values(), state.dropped(group), policy);
  }

  /** Whether a narrower group has an incident, or makes one, that leaves few of the crowd. */
  private static boolean isExplained(
      FleetState state, Crowd crowd, long time, FleetIncidentPolicy policy) {
    int rank = Group.TAGS.indexOf(crowd.group().tag());
    List<String> narrower = rank < 0 ? Group.TAGS : Group.TAGS.subList(0, rank);
    for (String tag : narrower) {
      Group most = crowd.mostlyOf(tag);
      if (!most.equals(Group.FLEET)
          && (find(state, most) != null || crowd(state, most, time, policy).isEnough(policy))) {
        return true;
      }
    }
    return false;
  }

  /** Whether so many groups of the same tag have an incident that the widest group has one. */
  private static boolean isOneOfMany(
      FleetState state, Group group, Group widest, long time, FleetIncidentPolicy policy) {
    if (group.equals(widest) || find(state, widest) != null) {
      return false;
    }
    long others =
        state.incidents.stream()
            .filter(incident -> incident.group.tag().equals(group.tag()))
            .filter(incident -> incident.reaches(time, policy.windowMillis()))
            .count();
    return others + 1 >= policy.runs();
  }

  private static @Nullable OpenIncident find(FleetState state, Group group) {
    for (OpenIncident incident : state.incidents) {
      if (incident.group.equals(group)) {
        return incident;
      }
    }
    return null;
  }

  private void open(FleetState state, Group group, Crowd crowd, FleetSignal signal) {
    if (state.incidents.size() >= MAX_OPEN) {
      dropped++;
      return;
    }
    OpenIncident incident = new OpenIncident();
    incident.group = group;
    incident.severity = signal.policy().detector().highest();
    Set<WatchedRun> first = Set.copyOf(crowd.paged());
    WatchedRun opener = crowd.paged().get(0);
    incident.id =
        AlarmId.hash(
            AlarmKind.FLEET_INCIDENT.name(), group.tag(), group.value(), opener.page.alarmId());
    incident.openedAt = opener.pagedAt;
    state.runs.forEach(
        (key, run) -> {
          if (first.contains(run)) {
            incident.take(key, run);
          }
        });
    state.incidents.add(incident);
    reach(state, incident, signal.policy());
    absorb(state, incident, signal);
    tell(state, incident, AlarmState.OPEN, signal.emittedAt());
  }

  /** Takes a run in, and all whose pages it connects with the incident. */
  private void gather(
      FleetState state,
      OpenIncident incident,
      RunKey key,
      WatchedRun run,
      FleetSignal signal,
      long now) {
    int before = incident.size();
    int roomless = incident.more;
    if (incident.take(key, run)) {
      reach(state, incident, signal.policy());
      absorb(state, incident, signal);
    }
    dropped += incident.more - roomless;
    incident.resolveAt = 0;
    incident.updatedAt = Math.max(incident.updatedAt, signal.emittedAt());
    if (incident.size() == before) {
      return;
    }
    if (incident.size() >= 2 * incident.told) {
      tell(state, incident, AlarmState.UPDATED, signal.emittedAt());
    } else if (incident.tellAt == 0) {
      incident.tellAt = now + UPDATE_INTERVAL_MILLIS;
    }
  }

  private static void reach(FleetState state, OpenIncident incident, FleetIncidentPolicy policy) {
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Map.Entry<RunKey, WatchedRun> entry : state.runs.entrySet()) {
        WatchedRun run = entry.getValue();
        if (run.counts()
            && run.belongsTo(incident.group)
            && incident.reaches(run.pagedAt, policy.windowMillis())) {
          grew |= incident.take(entry.getKey(), run);
        }
      }
    }
  }

  /** Ends the incidents whose members are all among those of a wider one. */
  private void absorb(FleetState state, OpenIncident wider, FleetSignal signal) {
    for (OpenIncident incident : List.copyOf(state.incidents)) {
      if (incident != wider && holdsAllOf(state, wider, incident)) {
        state.incidents.remove(incident);
        incident.updatedAt = Math.max(incident.updatedAt, signal.emittedAt());
        told.add(
            record(
                state,
                incident,
                AlarmState.RESOLVED,
                IncidentText.absorbed(incident.group, incident.size(), wider.group)));
      }
    }
  }

  private static boolean holdsAllOf(FleetState state, OpenIncident wider, OpenIncident incident) {
    return incident.members.keySet().stream().allMatch(key -> wider.has(key, state.runs.get(key)))
        && state.runs.entrySet().stream()
            .filter(entry -> entry.getValue().incidentId.equals(incident.id))
            .allMatch(entry -> wider.has(entry.getKey(), entry.getValue()));
  }

  /** A run is well again, or gone. */
  private static void calm(
      FleetState state, RunKey key, WatchedRun run, FleetSignal signal, long now) {
    long later = now + signal.policy().windowMillis();
    if (signal.what() == FleetSignal.What.AWAY) {
      run.active = false;
    } else if (signal.what() == FleetSignal.What.LEFT) {
      run.active = false;
      run.open = false;
      run.forgetAt = later;
      state.forgetAt = state.forgetAt == 0 ? later : Math.min(state.forgetAt, later);
    } else if (run.page.alarmId().equals(signal.page().alarmId())) {
      run.open = false;
    }
    settle(state, key, run, signal, now);
  }

  /** Ends the incidents of a run, a window later, when no page of their members is open. */
  private static void settle(
      FleetState state, RunKey key, WatchedRun run, FleetSignal signal, long now) {
    for (OpenIncident incident : state.incidents) {
      if (incident.resolveAt == 0 && incident.has(key, run) && !pages(state, incident)) {
        incident.resolveAt = now + signal.policy().windowMillis();
        incident.updatedAt = Math.max(incident.updatedAt, signal.emittedAt());
      }
    }
  }

  /** Whether a page of its runs is open, of those too that it only counts. */
  private static boolean pages(FleetState state, OpenIncident incident) {
    return state.runs.entrySet().stream()
        .anyMatch(
            entry -> entry.getValue().pages() && incident.has(entry.getKey(), entry.getValue()));
  }

  /** When to look at the state, by the listener's clock; 0: not before something is heard. */
  public long nextLook(FleetState state) {
    long next = state.forgetAt;
    for (OpenIncident incident : state.incidents) {
      next = earlier(next, earlier(incident.tellAt, incident.resolveAt));
    }
    return next;
  }

  private static long earlier(long one, long other) {
    return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
  }

  /**
   * Looks at what has become due.
   *
   * @param now the listener's clock
   * @return records to publish, valid until the next call
   */
  public List<Incident> look(FleetState state, long now) {
    told.clear();
    for (OpenIncident incident : List.copyOf(state.incidents)) {
      if (isDue(incident.resolveAt, now)) {
        resolve(state, incident);
      } else if (isDue(incident.tellAt, now)) {
        tell(state, incident, AlarmState.UPDATED, incident.updatedAt);
      }
    }
    if (isDue(state.forgetAt, now)) {
      forget(state, now);
    }
    return told;
  }

  private static boolean isDue(long time, long now) {
    return time != 0 && time <= now;
  }

  private void resolve(FleetState state, OpenIncident incident) {
    state.incidents.remove(incident);
    state.runs.forEach((key, run) -> run.settled |= !run.pages() && incident.has(key, run));
    told.add(
        record(
            state,
            incident,
            AlarmState.RESOLVED,
            IncidentText.resolved(incident.group, incident.size())));
  }

  private static void forget(FleetState state, long now) {
    state.forgetAt = 0;
    Iterator<WatchedRun> runs = state.runs.values().iterator();
    while (runs.hasNext()) {
      WatchedRun run = runs.next();
      if (isDue(run.forgetAt, now)) {
        runs.remove();
      } else {
        state.forgetAt = earlier(state.forgetAt, run.forgetAt);
      }
    }
  }

  private void tell(
      FleetState state, OpenIncident incident, AlarmState alarmState, long emittedAt) {
    incident.updatedAt = Math.max(incident.updatedAt, emittedAt);
    incident.told = incident.size();
    incident.tellAt = 0;
    told.add(record(state, incident, alarmState, ""));
  }

  private static Incident record(
      FleetState state, OpenIncident incident, AlarmState alarmState, String over) {
    List<Member> members =
        incident.members.values().stream().sorted(IncidentText.OLDEST_FIRST).toList();
    int watched = incident.size() + state.dropped(incident.group);
    for (Map.Entry<RunKey, WatchedRun> entry : state.runs.entrySet()) {
      WatchedRun run = entry.getValue();
      boolean isCounted = incident.has(entry.getKey(), run);
      watched += run.active && !isCounted && run.belongsTo(incident.group) ? 1 : 0;
    }
    String summary =
        over.isEmpty()
            ? IncidentText.open(incident.group, members, incident.size(), watched)
            : over;
    return new Incident(
        incident.id,
        incident.revision++,
        alarmState,
        incident.severity,
        incident.group,
        incident.openedAt,
        incident.updatedAt,
        members,
        watched,
        summary);
  }
}
