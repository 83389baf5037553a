package io.gradwatch.producer;

import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the events of one training run. Made for the training loop: no method throws and, with
 * {@link Overflow#DROP} (the default), none but {@link #close} waits; see {@link EventPublisher}
 * for what happens to events that cannot be sent, and at the JVM's shutdown.
 *
 * <p>{@code started} is repeated every few minutes by itself, so that a pipeline that joins late
 * learns the layers. Safe for use by several threads.
 */
public final class StepPublisher implements AutoCloseable {
  private static final Duration REPEAT_STARTED = Duration.ofMinutes(5);

  private final EventPublisher events;
  private final String runId;
  private final int attempt;
  private final @Nullable Integer rank;
  private final LongSupplier clock;
  private volatile @Nullable RunStarted started;
  private volatile long startedAtMillis;

  StepPublisher(
      EventPublisher events,
      String runId,
      int attempt,
      @Nullable Integer rank,
      LongSupplier clock) {
    this.events = events;
    this.runId = runId;
    this.attempt = attempt;
    this.rank = rank;
    this.clock = clock;
  }

  /** Sets up a publisher. */
  public static PublisherBuilder builder() {
    return new PublisherBuilder();
  }

  /**
   * The run (this attempt of it) starts.
   *
   * @param firstStep first step of the attempt
   */
  public void started(long firstStep, RunDescription description) {
    started = description == null ? null : description.body();
    startedAtMillis = clock.getAsLong();
    publish(firstStep, started);
  }

  /** An optimizer step was taken (or skipped by the loss scaler). */
  public void step(StepReport report) {
    if (report == null) {
      publish(0, null);
      return;
    }
    long now = clock.getAsLong();
    repeatStarted(report.step(), now);
    events.publishIncomplete(
        new QueuedEvent(event(report.step(), report.body(), now), report.layers()));
  }

  /**
   * An evaluation on held-out data after a step.
   *
   * @param loss evaluation loss; null when there is none
   */
  public void evaluation(long step, @Nullable Double loss, Map<String, Double> metrics) {
    publish(
        step,
        new EvaluationCompleted(loss, metrics == null ? Map.of() : new LinkedHashMap<>(metrics)));
  }

  /** A checkpoint with the state after a step was saved. */
  public void checkpoint(long step, String uri) {
    publish(step, new CheckpointSaved(uri, step));
  }

  /**
   * What was done with a recommendation.
   *
   * @param advised the clip threshold it gave; null when none
   * @param applied the clip threshold that was applied; null when none
   * @param madeAtStep its made_at_step; null when unknown
   */
  public void adviceApplied(
      long step, @Nullable Double advised, @Nullable Double applied, @Nullable Long madeAtStep) {
    publish(step, new AdviceApplied(advised, applied, madeAtStep));
  }

  /** The same without waiting for room, even with {@link Overflow#WAIT}. */
  void adviceAppliedAtOnce(
      long step, @Nullable Double advised, @Nullable Double applied, @Nullable Long madeAtStep) {
    events.publishAtOnce(
        event(step, new AdviceApplied(advised, applied, madeAtStep), clock.getAsLong()));
  }

  boolean isOf(String project, String run, int itsAttempt) {
    return events.publishesTo(Topics.events(project)) && runId.equals(run) && attempt == itsAttempt;
  }

  /** The trainer lives although no step completes. */
  public void heartbeat(long step) {
    repeatStarted(step, clock.getAsLong());
    publish(step, new Heartbeat());
  }

  /** The run (this attempt of it) ended. */
  public void ended(long step, RunOutcome outcome) {
    publish(step, new RunEnded(outcome));
  }

  /** Publishes any event as it is, of whatever run. */
  public void publish(TrainingEvent event) {
    events.publish(event);
  }

  /** What became of the events so far. */
  public PublisherStats stats() {
    return events.stats();
  }

  /** Closes within {@link EventPublisher#DEFAULT_CLOSE_TIMEOUT}. */
  @Override
  public void close() {
    events.close();
  }

  /** Sends what is queued, at most as long as the timeout, and closes. */
  public void close(Duration timeout) {
    events.close(timeout);
  }

  private void repeatStarted(long step, long now) {
    RunStarted description = started;
    if (description != null && now - startedAtMillis >= REPEAT_STARTED.toMillis()) {
      startedAtMillis = now;
      publish(step, description);
    }
  }

  private void publish(long step, @Nullable Object body) {
    events.publish(event(step, body, clock.getAsLong()));
  }

  /** By setters, as the constructor would have a box for each number. */
  private TrainingEvent event(long step, @Nullable Object body, long now) {
    TrainingEvent event = new TrainingEvent();
    event.setRunId(runId);
    event.setAttempt(attempt);
    event.setStep(step);
    event.setEmittedAt(now);
    event.setRank(rank);
    event.setBody(body);
    return event;
  }
}
