package io.gradwatch.core.fleet;

import io.gradwatch.core.policy.FleetIncidentPolicy;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

  private final Incidents incidents = new Incidents();
  private long dropped;

  /** Runs, members and incidents for which there was no room, since this was made. */
  public long dropped() {
    return dropped + incidents.dropped();
  }

  /**
   * Hears of a run.
   *
   * @param now the listener's clock, in milliseconds since 1970
   * @return records to publish, valid until the next call; mostly none
   */
  public List<Incident> accept(FleetState state, FleetSignal signal, long now) {
    incidents.begin();
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
    return incidents.told();
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
    Incidents.keepOpen(state, key, run);
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
    Incidents.settle(state, key, run, signal, now);
  }

  private void page(FleetState state, RunKey key, WatchedRun run, FleetSignal signal, long now) {
    if (run.page.alarmId().equals(signal.page().alarmId())) {
      run.open = true;
      Incidents.keepOpen(state, key, run);
      return;
    }
    run.page = signal.page();
    run.pagedAt = signal.emittedAt();
    run.open = true;
    run.settled = false;
    Incidents.keepOpen(state, key, run);
    FleetIncidentPolicy policy = signal.policy();
    boolean looks = Blame.isWorthALook(state, run, policy);
    for (int i = run.groups.size() - 1; i >= 0; i--) {
      Group group = run.groups.get(i);
      OpenIncident incident = state.incidentOf(group);
      if (incident != null && incident.reaches(run.pagedAt, policy.windowMillis())) {
        incidents.gather(state, incident, key, run, signal, now);
        return;
      }
      if (!looks) {
        continue;
      }
      Crowd crowd = Blame.crowd(state, group, run.pagedAt, policy);
      if (crowd.isEnough(policy) && !Blame.isExplained(state, crowd, run.pagedAt, policy)) {
        if (incident != null) {
          incidents.gather(state, incident, key, run, signal, now);
          return;
        }
        Group widest = Group.widest(run.groups);
        boolean isOneOfMany = Blame.isOneOfMany(state, group, widest, run.pagedAt, policy);
        incidents.open(state, isOneOfMany ? widest : group, crowd, signal);
        return;
      }
    }
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
    Incidents.settle(state, key, run, signal, now);
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
    incidents.begin();
    incidents.look(state, now);
    if (isDue(state.forgetAt, now)) {
      forget(state, now);
    }
    return incidents.told();
  }

  static boolean isDue(long time, long now) {
    return time != 0 && time <= now;
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
}
