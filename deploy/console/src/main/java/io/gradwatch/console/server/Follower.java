package io.gradwatch.console.server;

import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.model.Change;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.RunKey;
import java.util.ArrayList;
import java.util.Comparator;
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

  /** The rest of a step is kept for rows whose turn it is, however many change their state. */
  static final int MOST_URGENT = 400;

  static final int MOST_ALARMS = 500;

  /** One event for the listener. */
  record Message(String event, Object data) {}

  /** What makes a row urgent when it changes. */
  private record Need(RunState state, double need, int openAlarms) {
    static Need of(RunRow row) {
      return new Need(row.state(), row.need(), row.openAlarms());
    }
  }

  /** When a row was told last: by the fleet's generation, and as the how manieth of all rows. */
  private record Told(long generation, long turn) {}

  private final Fleet fleet;
  private final @Nullable RunKey run;
  private final Map<RunKey, Told> told = new HashMap<>();
  private final Map<RunKey, Need> needs = new HashMap<>();
  private final long start;
  private long runSince = -1;
  private long alarmsSince;
  private long forgotten;
  private long turns;
  private @Nullable Map<RunState, Integer> counts;

  /**
   * A follower of what changes from now on.
   *
   * @param run the run to follow; null: the fleet
   */
  Follower(Fleet fleet, @Nullable RunKey run) {
    this.fleet = fleet;
    this.run = run;
    this.start = fleet.generation();
    this.alarmsSince = start;
    this.forgotten = fleet.forgotten();
    if (run == null) {
      fleet.outlines().forEach(row -> needs.put(key(row), Need.of(row)));
    }
  }

  /** What there is to tell since the last call. */
  List<Message> next() {
    List<Message> messages = new ArrayList<>();
    if (run == null) {
      addRows(messages);
    } else {
      addRun(messages, run);
    }
    addAlarms(messages);
    return messages;
  }

  private void addRows(List<Message> messages) {
    long now = fleet.generation();
    List<RunKey> due = due();
    List<RunRow> rows = new ArrayList<>();
    for (RunKey key : due) {
      RunRow row = fleet.row(key);
      if (row != null) {
        rows.add(row);
        told.put(key, new Told(now, ++turns));
        needs.put(key, Need.of(row));
      }
    }
    List<String> removed = removed();
    Map<RunState, Integer> newCounts = fleet.counts();
    if (rows.isEmpty() && removed.isEmpty() && newCounts.equals(counts)) {
      return;
    }
    counts = newCounts;
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("generation", now);
    data.put("counts", newCounts);
    data.put("rows", rows);
    data.put("removed", removed);
    messages.add(new Message("fleet", data));
  }

  /** The runs to tell in this step. */
  private List<RunKey> due() {
    Told never = new Told(start, 0);
    List<RunKey> urgent = new ArrayList<>();
    List<RunKey> others = new ArrayList<>();
    fleet
        .changedRuns(start)
        .forEach(
            (key, changed) -> {
              RunRow row =
                  changed > told.getOrDefault(key, never).generation() ? fleet.outline(key) : null;
              if (row != null) {
                (Need.of(row).equals(needs.get(key)) ? others : urgent).add(key);
              }
            });
    Comparator<RunKey> longestUntold =
        Comparator.comparingLong(key -> told.getOrDefault(key, never).turn());
    urgent.sort(longestUntold);
    others.sort(longestUntold);
    int first = Math.min(urgent.size(), Math.max(MOST_URGENT, MOST_ROWS - others.size()));
    List<RunKey> due = new ArrayList<>(urgent.subList(0, Math.min(first, MOST_ROWS)));
    due.addAll(others.subList(0, Math.min(others.size(), MOST_ROWS - due.size())));
    return due;
  }

  private List<String> removed() {
    long now = fleet.forgotten();
    if (now == forgotten) {
      return List.of();
    }
    forgotten = now;
    List<String> removed = new ArrayList<>();
    for (RunKey key : List.copyOf(needs.keySet())) {
      if (!fleet.knows(key)) {
        told.remove(key);
        needs.remove(key);
        removed.add(key.path());
      }
    }
    return removed;
  }

  private void addRun(List<Message> messages, RunKey key) {
    long now = fleet.generation();
    RunDetail detail = fleet.changed(key) > runSince ? fleet.run(key) : null;
    runSince = now;
    if (detail != null) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("row", detail.row());
      data.put("overflow", detail.overflow());
      messages.add(new Message("run", data));
    }
  }

  private void addAlarms(List<Message> messages) {
    List<Change<AlarmView>> changes = fleet.changedAlarms(alarmsSince, MOST_ALARMS);
    if (!changes.isEmpty()) {
      alarmsSince = changes.get(changes.size() - 1).generation();
    }
    List<AlarmView> alarms =
        changes.stream()
            .map(Change::what)
            .filter(alarm -> run == null || run.equals(new RunKey(alarm.project(), alarm.run())))
            .toList();
    if (!alarms.isEmpty()) {
      messages.add(new Message("alarms", Map.of("alarms", alarms)));
    }
  }

  private static RunKey key(RunRow row) {
    return new RunKey(row.project(), row.run());
  }
}
