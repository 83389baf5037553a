package io.gradwatch.traces;

import io.gradwatch.records.TrainingEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of the runs whose rows come live and may be turned away as a whole: a batch changes
 * nothing before its events are taken. When that is more than there is room for, the runs that were
 * not heard of for longest are forgotten: one that comes again begins with a RunStarted, and with
 * attempt 0 unless its rows say theirs. Not for use by two threads at once.
 */
public final class LiveRuns {
  private final long mostBytes;
  private final Map<String, RunEvents> runs = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * Knows no run.
   *
   * @param mostBytes room for what is known, roughly; the newest run is known in any case
   */
  public LiveRuns(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** The events of a batch, in their order. */
  public Proposal propose(JsonBatch batch) {
    Map<String, RunEvents> changed = new LinkedHashMap<>();
    List<TrainingEvent> events = new ArrayList<>();
    for (TraceRow row : batch.rows()) {
      if (row.run != null) {
        changed.computeIfAbsent(row.run, this::copyOf).accept(row, events::add);
      }
    }
    return new Proposal(events, changed);
  }

  /** How many runs are known. */
  public int size() {
    return runs.size();
  }

  private RunEvents copyOf(String runId) {
    RunEvents known = runs.get(runId);
    return known == null ? new RunEvents(runId) : known.copy();
  }

  private void put(String runId, RunEvents run) {
    RunEvents before = runs.put(runId, run);
    bytes += run.bytes() - (before == null ? 0 : before.bytes());
    Iterator<RunEvents> eldest = runs.values().iterator();
    while (bytes > mostBytes && runs.size() > 1) {
      bytes -= eldest.next().bytes();
      eldest.remove();
    }
  }

  /** Events that are known of only once they are taken. Void after any other was taken. */
  public final class Proposal {
    private final List<TrainingEvent> events;
    private final Map<String, RunEvents> changed;

    private Proposal(List<TrainingEvent> events, Map<String, RunEvents> changed) {
      this.events = events;
      this.changed = changed;
    }

    /** They belong to the caller. */
    public List<TrainingEvent> events() {
      return events;
    }

    /** The events went out: what comes next goes on from there. */
    public void take() {
      changed.forEach(LiveRuns.this::put);
    }
  }
}
