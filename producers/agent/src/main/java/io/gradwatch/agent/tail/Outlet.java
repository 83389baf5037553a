package io.gradwatch.agent.tail;

import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Where the tails put what they read: events, and what they could not understand. */
public final class Outlet {
  private final Consumer<TrainingEvent> events;
  private final SparseNotes notes;
  private final LongSupplier clock;
  private long published;
  private long steps;
  private long badLines;

  /**
   * @param events takes the events
   * @param notes is told what is wrong, for people
   * @param clock milliseconds since 1970, for what tells no time itself
   */
  Outlet(Consumer<TrainingEvent> events, SparseNotes notes, LongSupplier clock) {
    this.events = events;
    this.notes = notes;
    this.clock = clock;
  }

  /** Takes an event. */
  public void event(TrainingEvent event) {
    events.accept(event);
    published++;
    steps += event.getBody() instanceof StepCompleted ? 1 : 0;
  }

  /**
   * Counts what cannot be understood and tells it, at most so often.
   *
   * @param of the file, or what else notes are to be sparse of
   * @param problem what was found where, and what is allowed
   */
  public void bad(String of, @Nullable String problem) {
    badLines++;
    notes.tell(of, String.valueOf(problem));
  }

  /** Tells something that is not counted, at most so often. */
  public void note(String of, String text) {
    notes.tell(of, text);
  }

  /** Now, in milliseconds since 1970. */
  public long now() {
    return clock.getAsLong();
  }

  long published() {
    return published;
  }

  long steps() {
    return steps;
  }

  long badLines() {
    return badLines;
  }
}
