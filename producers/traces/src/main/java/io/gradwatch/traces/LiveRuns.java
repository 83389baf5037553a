package io.gradwatch.traces;

import io.gradwatch.records.TrainingEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What is known of the runs whose rows come live and may be turned away as a whole: a batch changes
 * nothing before its events are taken. A run says again who it is every 5 minutes, for those who
 * join late. When more is known than there is room for, the runs that were not heard of for longest
 * are forgotten: one that comes again begins with a RunStarted, and with attempt 0 unless its rows
 * say theirs. Not for use by two threads at once.
 */
public final class LiveRuns {
  /** How often a run says again who it is, as publishers of trainers do. */
  private static final long REPEAT_MILLIS = TimeUnit.MINUTES.toMillis(5);

  /**
   * A run.
   *
   * @param toldMillis when it last said who it is, by the clock of the batches
   */
  private record Known(RunEvents events, long toldMillis) {}

  private final long mostBytes;
  private final Map<String, Known> runs = new LinkedHashMap<>(16, 0.75f, true);
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
    Map<String, Known> changed = new LinkedHashMap<>();
    List<TrainingEvent> events = new ArrayList<>();
    for (TraceRow row : batch.rows()) {
      if (row.run != null) {
        changed
            .computeIfAbsent(row.run, run -> copyOf(run, batch.receivedAt()))
            .events()
            .accept(row, events::add);
      }
    }
    return new Proposal(events, changed);
  }

  /** How many runs are known. */
  public int size() {
    return runs.size();
  }

  private Known copyOf(String runId, long nowMillis) {
    Known known = runs.get(runId);
    if (known == null) {
      return new Known(new RunEvents(runId), nowMillis);
    }
    RunEvents copy = known.events().copy();
    if (nowMillis - known.toldMillis() < REPEAT_MILLIS) {
      return new Known(copy, known.toldMillis());
    }
    copy.repeatStarted();
    return new Known(copy, nowMillis);
  }

  private void put(String runId, Known run) {
    Known before = runs.put(runId, run);
    bytes += run.events().bytes() - (before == null ? 0 : before.events().bytes());
    Iterator<Known> eldest = runs.values().iterator();
    while (bytes > mostBytes && runs.size() > 1) {
      bytes -= eldest.next().events().bytes();
      eldest.remove();
    }
  }

  /** Events that are known of only once they are taken. Void after any other was taken. */
  public final class Proposal {
    private final List<TrainingEvent> events;
    private final Map<String, Known> changed;

    private Proposal(List<TrainingEvent> events, Map<String, Known> changed) {
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
