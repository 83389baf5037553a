package io.gradwatch.core.fleet;

import io.gradwatch.core.alarm.AlarmId;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The life of incidents: how one opens, gathers runs, ends those within it, and is over. */
final class Incidents {
  private final List<Incident> told = new ArrayList<>();
  private long dropped;

  /** Begins to tell anew. */
  void begin() {
    told.clear();
  }

  /** Records to publish since the beginning. */
  List<Incident> told() {
    return told;
  }

  /** Members and incidents for which there was no room, since this was made. */
  long dropped() {
    return dropped;
  }

  /** Opens one of a group, with the runs of a crowd and all whose pages they connect with it. */
  void open(FleetState state, Group group, Crowd crowd, FleetSignal signal) {
    if (state.incidents.size() >= FleetWatch.MAX_OPEN) {
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
    incident.reach(state.runs, signal.policy().windowMillis());
    absorb(state, incident, signal);
    tell(state, incident, AlarmState.OPEN, signal.emittedAt());
  }

  /** Takes a run in, and all whose pages it connects with the incident. */
  void gather(
      FleetState state,
      OpenIncident incident,
      RunKey key,
      WatchedRun run,
      FleetSignal signal,
      long now) {
    int before = incident.size();
    int roomless = incident.more;
    if (incident.take(key, run)) {
      incident.reach(state.runs, signal.policy().windowMillis());
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
      incident.tellAt = now + FleetWatch.UPDATE_INTERVAL_MILLIS;
    }
  }

  /** Ends the incidents whose members are all among those of a wider one. */
  private void absorb(FleetState state, OpenIncident wider, FleetSignal signal) {
    for (OpenIncident incident : List.copyOf(state.incidents)) {
      if (incident != wider && wider.holdsAllOf(incident, state.runs)) {
        state.incidents.remove(incident);
        incident.updatedAt = Math.max(incident.updatedAt, signal.emittedAt());
        told.add(
            incident.record(
                state,
                AlarmState.RESOLVED,
                IncidentText.absorbed(incident.group, incident.size(), wider.group)));
      }
    }
  }

  /** Incidents of a run that pages are not over. */
  static void keepOpen(FleetState state, RunKey key, WatchedRun run) {
    for (OpenIncident incident : state.incidents) {
      if (run.pages() && incident.has(key, run)) {
        incident.resolveAt = 0;
      }
    }
  }

  /** Ends the incidents of a run, a window later, when no page of their members is open. */
  static void settle(FleetState state, RunKey key, WatchedRun run, FleetSignal signal, long now) {
    for (OpenIncident incident : state.incidents) {
      if (incident.resolveAt == 0 && incident.has(key, run) && !incident.pages(state.runs)) {
        incident.resolveAt = now + signal.policy().windowMillis();
        incident.updatedAt = Math.max(incident.updatedAt, signal.emittedAt());
      }
    }
  }

  /** Tells of what has become due, by the listener's clock, and ends what is over. */
  void look(FleetState state, long now) {
    for (OpenIncident incident : List.copyOf(state.incidents)) {
      if (FleetWatch.isDue(incident.resolveAt, now)) {
        resolve(state, incident);
      } else if (FleetWatch.isDue(incident.tellAt, now)) {
        tell(state, incident, AlarmState.UPDATED, incident.updatedAt);
      }
    }
  }

  private void resolve(FleetState state, OpenIncident incident) {
    state.incidents.remove(incident);
    state.runs.forEach((key, run) -> run.settled |= !run.pages() && incident.has(key, run));
    told.add(
        incident.record(
            state, AlarmState.RESOLVED, IncidentText.resolved(incident.group, incident.size())));
  }

  private void tell(
      FleetState state, OpenIncident incident, AlarmState alarmState, long emittedAt) {
    incident.updatedAt = Math.max(incident.updatedAt, emittedAt);
    incident.told = incident.size();
    incident.tellAt = 0;
    told.add(incident.record(state, alarmState, ""));
  }
}
