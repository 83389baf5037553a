package io.gradwatch.agent;

import io.gradwatch.producer.EventPublisher;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where a player stands in one run. */
final class RunCursor {
  private final RecordedRun run;
  private @Nullable TrainingEvent next;
  private @Nullable TrainingEvent newest;
  private long steps;
  private long events;
  private double progress;

  /** Reads the first event. */
  RunCursor(RecordedRun run) throws IOException {
    this.run = run;
    this.next = run.next();
  }

  String runId() {
    return run.runId();
  }

  boolean atEnd() {
    return next == null;
  }

  long steps() {
    return steps;
  }

  long events() {
    return events;
  }

  double progress() {
    return progress;
  }

  /** Publishes up to the next step and what belongs to it: what comes before the one after it. */
  void advance(EventPublisher publisher) throws IOException {
    boolean stepped = false;
    while (next != null && !(stepped && begins(next))) {
      boolean isStep = next.getBody() instanceof StepCompleted;
      stepped |= isStep;
      steps += isStep ? 1 : 0;
      publisher.publish(next);
      newest = next;
      events++;
      next = run.next();
    }
    progress = atEnd() ? 1 : run.progress();
  }

  /** Tells that the run was cut short, where it has begun and not ended. */
  void cancel(EventPublisher publisher) {
    if (newest != null && !atEnd()) {
      publisher.publish(
          new TrainingEvent(
              newest.getRunId(),
              newest.getAttempt(),
              newest.getStep(),
              newest.getEmittedAt(),
              newest.getRank(),
              new RunEnded(RunOutcome.CANCELLED)));
      events++;
    }
    giveUp();
  }

  /** Takes the run for read. */
  void giveUp() {
    next = null;
    progress = 1;
  }

  private static boolean begins(TrainingEvent event) {
    return event.getBody() instanceof StepCompleted || event.getBody() instanceof RunStarted;
  }
}
