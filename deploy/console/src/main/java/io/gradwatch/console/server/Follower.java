package io.gradwatch.console.server;

import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.RunKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one listener is told, step by step. Of a fleet that changes faster than a page can show,
 * each step tells a bounded number of rows, those first whose state changed, then in turn, so that
 * every row is told again before one is told a third time.
 */
final class Follower {
  static final int MOST_ROWS = 500;

  /** One event for the listener. */
  record Message(String event, Object data) {}

  private final Fleet fleet;
  private final @Nullable RunKey run;
  private final Map<RunKey, Long> told = new HashMap<>();
  private final Map<RunKey, Object> toldNeed = new HashMap<>();
  private long since;
  private long alarmsSince;
  private boolean begun;

  /**
   * @param run the run to follow; null: the fleet
   */
  Follower(Fleet fleet, @Nullable RunKey run) {
    this.fleet = fleet;
    this.run = run;
    this.since = fleet.generation();
    this.alarmsSince = since;
  }

  /** What there is to tell since the last call. */
  List<Message> next() {
    List<Message> messages = new ArrayList<>();
    long now = fleet.generation();
    if (run == null) {
      addRows(messages, now);
      addAlarms(messages, now);
    } else {
      addRun(messages, run, now);
    }
    begun = true;
    return messages;
  }

  private void addRows(List<Message> messages, long now) {
    Map<RunKey, Long> changed = fleet.changedRuns(since);
    if (begun && changed.isEmpty()) {
      return;
    }
    List<RunRow> urgent = new ArrayList<>();
    List<RunRow> rows = new ArrayList<>();
    List<RunKey> pending = new ArrayList<>();
    changed.entrySet().stream()
        .filter(entry -> entry.getValue() > told.getOrDefault(entry.getKey(), since))
        .sorted(
            (one, other) ->
                Long.compare(
                    told.getOrDefault(one.getKey(), 0L), told.getOrDefault(other.getKey(), 0L)))
        .map(Map.Entry::getKey)
        .forEach(pending::add);
    for (RunKey key : pending) {
      RunRow row = fleet.row(key);
      if (row != null) {
        Object need = List.of(row.state(), row.need(), row.openAlarms());
        boolean isUrgent = !need.equals(toldNeed.get(key));
        if (isUrgent || rows.size() + urgent.size() < MOST_ROWS) {
          (isUrgent ? urgent : rows).add(row);
          told.put(key, now);
          toldNeed.put(key, need);
        }
      }
    }
    urgent.addAll(rows);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("generation", now);
    data.put("counts", fleet.counts());
    data.put("rows", urgent);
    data.put("removed", removed());
    messages.add(new Message("fleet", data));
  }

  private List<String> removed() {
    List<String> removed = new ArrayList<>();
    for (RunKey key : List.copyOf(told.keySet())) {
      if (!fleet.knows(key)) {
        told.remove(key);
        toldNeed.remove(key);
        removed.add(key.path());
      }
    }
    return removed;
  }

  private void addAlarms(List<Message> messages, long now) {
    List<AlarmView> alarms = fleet.changedAlarms(alarmsSince);
    alarmsSince = now;
    if (!alarms.isEmpty()) {
      messages.add(new Message("alarms", Map.of("alarms", alarms)));
    }
  }

  private void addRun(List<Message> messages, RunKey key, long now) {
    Long changed = fleet.changedRuns(begun ? since : -1).get(key);
    since = now;
    RunDetail detail = changed == null ? null : fleet.run(key);
    if (detail != null) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("row", detail.row());
      data.put("overflow", detail.overflow());
      messages.add(new Message("run", data));
    }
    List<AlarmView> alarms =
        fleet.changedAlarms(alarmsSince).stream()
            .filter(alarm -> key.equals(new RunKey(alarm.project(), alarm.run())))
            .toList();
    alarmsSince = now;
    if (!alarms.isEmpty()) {
      messages.add(new Message("alarms", Map.of("alarms", alarms)));
    }
  }
}
