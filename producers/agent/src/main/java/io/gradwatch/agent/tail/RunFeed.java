package io.gradwatch.agent.tail;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.Field;
import io.gradwatch.traces.RowEvent;
import io.gradwatch.traces.RunEvents;
import io.gradwatch.traces.RunProgress;
import io.gradwatch.traces.TraceRow;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The rows of one run as its events. A step that goes back is a training that resumed from a
 * checkpoint: the next attempt; a series of another name that comes late is not. Rows that tell
 * their attempt are taken at their word.
 */
public final class RunFeed {
  private static final long REPEAT_STARTED_MILLIS = Duration.ofMinutes(5).toMillis();

  private final String runId;
  private final LongSupplier clock;
  private final Consumer<TrainingEvent> out;
  private RunEvents events;
  private long startedAt;
  private boolean resumed;

  /**
   * @param progress how far the run was published before
   */
  public RunFeed(String runId, RunProgress progress, Outlet outlet) {
    this.runId = runId;
    this.clock = outlet::now;
    this.out = outlet::event;
    this.events = new RunEvents(runId, progress);
    this.startedAt = outlet.now();
  }

  /** How far the run is published. */
  public RunProgress progress() {
    return events.progress();
  }

  /** Goes on from an earlier state, because what follows is told once more. */
  void returnTo(RunProgress earlier) {
    events = new RunEvents(runId, earlier);
  }

  /** The next step is of the next attempt, whether it goes back or not. */
  void resume() {
    resumed = true;
  }

  /** Publishes what a row says. */
  public void accept(TraceRow row) {
    long now = clock.getAsLong();
    if (now - startedAt >= REPEAT_STARTED_MILLIS) {
      events.repeatStarted();
      startedAt = now;
    }
    if (!row.says(Field.EMITTED_AT)) {
      row.set(Field.EMITTED_AT, now);
    }
    if (goesBack(row) || (resumed && row.hasStep() && !row.says(Field.ATTEMPT))) {
      row.set(Field.ATTEMPT, events.progress().attempt() + 1);
      resumed = false;
    }
    events.accept(row, out);
  }

  private boolean goesBack(TraceRow row) {
    return row.tellsStep()
        && row.rank() == 0
        && !row.says(Field.ATTEMPT)
        && row.event() != RowEvent.RESUME
        && row.stepNumber() < events.progress().lastStep();
  }
}
