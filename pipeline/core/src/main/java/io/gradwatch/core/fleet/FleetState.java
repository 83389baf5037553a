package io.gradwatch.core.fleet;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.state.StateReader;
import io.gradwatch.core.state.StateWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of the runs of one cluster, or of those without one: plain data. A new one
 * has seen nothing. It holds at most {@link FleetWatch#MAX_RUNS} runs and {@link
 * FleetWatch#MAX_OPEN} open incidents.
 */
public final class FleetState implements State {
  /** Version of the binary form, its first four bytes. */
  public static final int VERSION = 2;

  /** The one heard of last is last. */
  final Map<RunKey, WatchedRun> runs = new LinkedHashMap<>();

  final List<OpenIncident> incidents = new ArrayList<>();

  /**
   * Active runs of each group for which there was no room, that did not leave since. Too many where
   * one of them joins again without a page or moves, until nothing is left here.
   */
  final Map<Group, Integer> dropped = new LinkedHashMap<>();

  /** When to forget the next run, by the listener's clock; 0: none left. */
  long forgetAt;

  /** When the listener has planned to look; 0: no look is planned. For the listener to use. */
  private long nextLookAt;

  @Override
  public void fields(StateCodec codec) {
    runs(codec);
    int open = codec.i32(incidents.size());
    for (int i = 0; i < open; i++) {
      if (i == incidents.size()) {
        incidents.add(new OpenIncident());
      }
      incidents.get(i).fields(codec);
    }
    forgetAt = codec.i64(forgetAt);
    nextLookAt = codec.i64(nextLookAt);
    if (codec.since(2)) {
      dropped(codec);
    }
  }

  private void dropped(StateCodec codec) {
    int size = codec.i32(dropped.size());
    if (dropped.isEmpty()) {
      for (int i = 0; i < size; i++) {
        Group group = GroupCodec.walk(codec, Group.FLEET);
        dropped.put(group, codec.i32(0));
      }
      return;
    }
    dropped.forEach(
        (group, count) -> {
          GroupCodec.walk(codec, group);
          codec.i32(count);
        });
  }

  /** Counts an active run that makes room; groups are bounded as runs are. */
  void drop(List<Group> groups) {
    for (Group group : groups) {
      if (dropped.containsKey(group) || dropped.size() < FleetWatch.MAX_RUNS) {
        dropped.merge(group, 1, Integer::sum);
      }
    }
  }

  /** Hears of a run that is not remembered: one of those dropped, if any were. */
  void find(List<Group> groups) {
    for (Group group : groups) {
      dropped.computeIfPresent(group, (same, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Active runs of a group that are not remembered. */
  int dropped(Group group) {
    return dropped.getOrDefault(group, 0);
  }

  /** The open incident of a group; null: it has none. */
  @Nullable OpenIncident incidentOf(Group group) {
    for (OpenIncident incident : incidents) {
      if (incident.group.equals(group)) {
        return incident;
      }
    }
    return null;
  }

  private void runs(StateCodec codec) {
    int size = codec.i32(runs.size());
    if (runs.isEmpty()) {
      for (int i = 0; i < size; i++) {
        RunKey key = new RunKey(codec.text(""), codec.text(""));
        WatchedRun run = new WatchedRun();
        run.fields(codec);
        runs.put(key, run);
      }
      return;
    }
    runs.forEach(
        (key, run) -> {
          codec.text(key.project());
          codec.text(key.runId());
          run.fields(codec);
        });
  }

  /** Writes the binary form. */
  public void write(DataOutput out) {
    StateWriter writer = new StateWriter(out);
    writer.i32(VERSION);
    fields(writer);
  }

  /**
   * Reads the binary form.
   *
   * @throws IllegalStateException when it was written by a version this code does not know
   */
  public static FleetState read(DataInput in) {
    StateReader reader = new StateReader(in);
    int version = reader.i32(0);
    if (version < 1 || version > VERSION) {
      throw new IllegalStateException(
          "fleet state has version " + version + ", this build reads 1 to " + VERSION);
    }
    reader.writtenBy(version);
    FleetState state = new FleetState();
    state.fields(reader);
    return state;
  }

  /** An independent copy. */
  public FleetState copy() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(new DataOutputStream(bytes));
    return read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  /** Whether nothing is left that is worth remembering. */
  public boolean isEmpty() {
    return runs.isEmpty() && incidents.isEmpty();
  }

  /** When the listener has planned to look, by its clock; 0: no look is planned. */
  public long nextLookAt() {
    return nextLookAt;
  }

  /** Plans to look. */
  public void lookAt(long time) {
    nextLookAt = time;
  }
}
