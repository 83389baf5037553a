package io.gradwatch.core.fleet;

import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.fleet.Incident.Member;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is remembered of an incident while it is open. */
final class OpenIncident implements State {
  String id = "";
  Group group = Group.FLEET;
  Severity severity = Severity.CRITICAL;

  /** Revision that its next record has. */
  int revision;

  long openedAt;
  long updatedAt;

  /** Between the first and the last page of its members, in milliseconds since 1970. */
  long firstAt = Long.MAX_VALUE;

  long lastAt = Long.MIN_VALUE;

  final Map<RunKey, Member> members = new HashMap<>();

  /** Runs that paged when there was no more room among the members. */
  int more;

  /** Members of which the newest record tells, and those it only counts. */
  int told;

  /**
   * When to tell of those that came since, and when it is over, by the listener's clock; 0: not.
   */
  long tellAt;

  long resolveAt;

  @Override
  public void fields(StateCodec codec) {
    id = codec.text(id);
    group = GroupCodec.walk(codec, group);
    severity = Severity.valueOf(codec.text(severity.name()));
    revision = codec.i32(revision);
    openedAt = codec.i64(openedAt);
    updatedAt = codec.i64(updatedAt);
    firstAt = codec.i64(firstAt);
    lastAt = codec.i64(lastAt);
    int size = codec.i32(members.size());
    if (members.isEmpty()) {
      for (int i = 0; i < size; i++) {
        add(walk(codec, NOBODY));
      }
    } else {
      members.values().stream().sorted(IncidentText.OLDEST_FIRST).forEach(m -> walk(codec, m));
    }
    more = codec.i32(more);
    told = codec.i32(told);
    tellAt = codec.i64(tellAt);
    resolveAt = codec.i64(resolveAt);
  }

  private static final Member NOBODY = new Member("", "", FleetSignal.Page.NONE, 0);

  private static Member walk(StateCodec codec, Member member) {
    return new Member(
        codec.text(member.project()),
        codec.text(member.runId()),
        PageCodec.walk(codec, member.page()),
        codec.i64(member.emittedAt()));
  }

  private void add(Member member) {
    members.put(new RunKey(member.project(), member.runId()), member);
  }

  /** Whether a page of this time belongs to those that the incident has. */
  boolean reaches(long pagedAt, long windowMillis) {
    return (pagedAt >= firstAt && pagedAt <= lastAt)
        || WatchedRun.isNear(pagedAt, firstAt, windowMillis)
        || WatchedRun.isNear(pagedAt, lastAt, windowMillis);
  }

  /**
   * Takes a run in, once.
   *
   * @return whether the time from the first to the last page has grown
   */
  boolean take(RunKey key, WatchedRun run) {
    if (has(key, run)) {
      return false;
    }
    run.incidentId = id;
    if (members.size() < Incident.MAX_MEMBERS) {
      add(new Member(key.project(), key.runId(), run.page, run.pagedAt));
    } else {
      more++;
    }
    boolean grows = run.pagedAt < firstAt || run.pagedAt > lastAt;
    firstAt = Math.min(firstAt, run.pagedAt);
    lastAt = Math.max(lastAt, run.pagedAt);
    return grows;
  }

  /**
   * Whether a run takes part, also when there was no room to name it.
   *
   * @param run what is known of it; null: nothing any more
   */
  boolean has(RunKey key, @Nullable WatchedRun run) {
    return members.containsKey(key) || (run != null && run.incidentId.equals(id));
  }

  /** Runs that take part. */
  int size() {
    return members.size() + more;
  }

  /** Takes in all runs whose pages reach it, one by another. */
  void reach(Map<RunKey, WatchedRun> runs, long windowMillis) {
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Map.Entry<RunKey, WatchedRun> entry : runs.entrySet()) {
        WatchedRun run = entry.getValue();
        if (run.counts() && run.belongsTo(group) && reaches(run.pagedAt, windowMillis)) {
          grew |= take(entry.getKey(), run);
        }
      }
    }
  }

  /** Whether all runs of another one take part in this one. */
  boolean holdsAllOf(OpenIncident other, Map<RunKey, WatchedRun> runs) {
    return other.members.keySet().stream().allMatch(key -> has(key, runs.get(key)))
        && runs.entrySet().stream()
            .filter(entry -> entry.getValue().incidentId.equals(other.id))
            .allMatch(entry -> has(entry.getKey(), entry.getValue()));
  }

  /** Whether a page of its runs is open, of those too that it only counts. */
  boolean pages(Map<RunKey, WatchedRun> runs) {
    return runs.entrySet().stream()
        .anyMatch(entry -> entry.getValue().pages() && has(entry.getKey(), entry.getValue()));
  }

  /**
   * Its next record.
   *
   * @param over why it is over; blank: it is not
   */
  Incident record(FleetState state, AlarmState alarmState, String over) {
    List<Member> named = members.values().stream().sorted(IncidentText.OLDEST_FIRST).toList();
    int watched = watched(state);
    return new Incident(
        id,
        revision++,
        alarmState,
        severity,
        group,
        openedAt,
        updatedAt,
        named,
        watched,
        over.isEmpty() ? IncidentText.open(group, named, size(), watched) : over);
  }

  /** Runs of its group that are active or take part. */
  private int watched(FleetState state) {
    int watched = size() + state.dropped(group);
    for (Map.Entry<RunKey, WatchedRun> entry : state.runs.entrySet()) {
      WatchedRun run = entry.getValue();
      boolean isCounted = has(entry.getKey(), run);
      watched += run.active && !isCounted && run.belongsTo(group) ? 1 : 0;
    }
    return watched;
  }
}
