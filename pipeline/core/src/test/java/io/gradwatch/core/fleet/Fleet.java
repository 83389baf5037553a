package io.gradwatch.core.fleet;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.fleet.FleetSignal.Page;
import io.gradwatch.core.fleet.FleetSignal.What;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs of one area, a watch over them, and all that it told. */
final class Fleet {
  static final FleetIncidentPolicy DEFAULTS = Policy.of(Settings.NONE).fleetIncident();
  static final long WINDOW = DEFAULTS.windowMillis();

  final FleetWatch watch = new FleetWatch();
  final List<Incident> told = new ArrayList<>();
  private final Map<String, List<Group>> groups = new TreeMap<>();
  private FleetState state = new FleetState();
  private long now;

  /** Announces runs of project p: NAME or PROJECT/NAME. */
  Fleet runs(Map<String, String> tags, String... names) {
    for (String name : names) {
      groups.put(name, Group.of(tags));
      hear(What.JOINED, name, 0, Page.NONE);
    }
    return this;
  }

  static Map<String, String> tags(String... nameAndValue) {
    Map<String, String> tags = new TreeMap<>();
    for (int i = 0; i < nameAndValue.length; i += 2) {
      tags.put(nameAndValue[i], nameAndValue[i + 1]);
    }
    return tags;
  }

  Fleet page(String name, long emittedAt) {
    return hear(What.PAGED, name, emittedAt, pageOf(name, emittedAt));
  }

  Fleet recover(String name, long pagedAt) {
    return hear(What.RECOVERED, name, pagedAt + 1, pageOf(name, pagedAt));
  }

  Fleet silence(String... names) {
    for (String name : names) {
      hear(What.AWAY, name, 0, Page.NONE);
    }
    return this;
  }

  /** Hears of runs again that were silent. */
  Fleet back(String... names) {
    for (String name : names) {
      hear(What.JOINED, name, 0, Page.NONE);
    }
    return this;
  }

  Fleet leave(String name) {
    return hear(What.LEFT, name, 0, Page.NONE);
  }

  static Page pageOf(String name, long emittedAt) {
    return new Page(name + "@" + emittedAt, AlarmKind.DIVERGENCE, emittedAt / 1000);
  }

  private Fleet hear(What what, String name, long emittedAt, Page page) {
    List<Group> known = groups.getOrDefault(name, Group.of(Map.of()));
    int slash = name.indexOf('/');
    told.addAll(
        watch.accept(
            state,
            new FleetSignal(
                what,
                slash < 0 ? "p" : name.substring(0, slash),
                name.substring(slash + 1),
                known,
                emittedAt,
                page,
                DEFAULTS),
            now));
    return this;
  }

  /** Lets the listener's clock go on, looking whenever a look is due. */
  Fleet pass(long millis) {
    long end = now + millis;
    long next = watch.nextLook(state);
    while (next != 0 && next <= end) {
      now = next;
      told.addAll(watch.look(state, now));
      next = watch.nextLook(state);
    }
    now = end;
    return this;
  }

  /** Goes on with a state that was written and read. */
  Fleet restart() {
    state = state.copy();
    return this;
  }

  FleetState state() {
    return state;
  }

  Incident last() {
    return told.get(told.size() - 1);
  }

  static List<String> runsOf(Incident incident) {
    return incident.members().stream().map(Incident.Member::runId).toList();
  }
}
