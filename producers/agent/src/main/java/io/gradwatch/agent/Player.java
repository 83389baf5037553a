package io.gradwatch.agent;

import io.gradwatch.producer.EventPublisher;
import io.gradwatch.traces.RecordedRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Publishes runs side by side at a pace: one step of each, then the next. What the broker is too
 * slow for is a matter of the publisher's {@link io.gradwatch.producer.Overflow}. Closing the
 * publisher, which waits for the last acknowledgement, is the caller's.
 */
public final class Player {
  private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final EventPublisher publisher;
  private final Pace pace;
  private final PlayListener listener;
  private final boolean cancels;
  private final Map<String, String> failures = new TreeMap<>();
  private long toldNanos;
  private long latestNanos;

  /**
   * @param cancels whether runs that an interrupt cuts short are told to have ended so
   */
  public Player(EventPublisher publisher, Pace pace, PlayListener listener, boolean cancels) {
    this.publisher = publisher;
    this.pace = pace;
    this.listener = listener;
    this.cancels = cancels;
  }

  /**
   * Publishes the runs to their end and closes them. One that cannot be read on ends by itself. An
   * interrupt ends all; the thread stays interrupted.
   *
   * @throws IOException when a run cannot be closed
   */
  public PlaySummary play(List<RecordedRun> runs) throws IOException {
    long start = pace.now();
    failures.clear();
    latestNanos = 0;
    toldNanos = start;
    listener.began(runs.size());
    List<RunCursor> cursors = new ArrayList<>();
    boolean complete = false;
    try {
      runs.forEach(run -> begin(run, cursors));
      complete = play(cursors, start);
    } finally {
      for (RecordedRun run : runs) {
        run.close();
      }
    }
    PlaySummary summary =
        new PlaySummary(
            runs.size(),
            cursors.stream().mapToLong(RunCursor::steps).sum(),
            cursors.stream().mapToLong(RunCursor::events).sum(),
            failures,
            complete,
            Duration.ofNanos(pace.now() - start),
            Duration.ofNanos(latestNanos));
    listener.finished(summary);
    return summary;
  }

  /** Publishes step by step; false when it was interrupted. */
  private boolean play(List<RunCursor> cursors, long start) {
    List<RunCursor> playing = new ArrayList<>(cursors);
    playing.removeIf(RunCursor::atEnd);
    try {
      long turn = 0;
      for (long round = 0; !playing.isEmpty(); round++) {
        for (RunCursor cursor : playing) {
          latestNanos = Math.max(latestNanos, pace.await(start, round, turn++));
          advance(cursor);
          tellNowAndThen(cursors);
        }
        playing.removeIf(RunCursor::atEnd);
        if (pace.isOfEachRun()) {
          tell(cursors);
        }
      }
      tell(cursors);
      return true;
    } catch (InterruptedException e) {
      if (cancels) {
        playing.forEach(cursor -> cursor.cancel(publisher)); // the flag is down: it may wait
      }
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void begin(RecordedRun run, List<RunCursor> cursors) {
    try {
      cursors.add(new RunCursor(run));
    } catch (IOException e) {
      fail(run.runId(), e);
    }
  }

  private void advance(RunCursor cursor) {
    try {
      cursor.advance(publisher);
      if (cursor.atEnd()) {
        listener.runEnded(cursor.runId(), cursor.steps());
      }
    } catch (IOException e) {
      cursor.giveUp();
      fail(cursor.runId(), e);
    }
  }

  private void fail(String runId, IOException e) {
    String message = String.valueOf(e.getMessage());
    failures.put(runId, message);
    listener.runFailed(runId, message);
  }

  /** A round of many runs takes long. */
  private void tellNowAndThen(List<RunCursor> cursors) {
    if (pace.now() - toldNanos >= TELL_NANOS) {
      tell(cursors);
    }
  }

  private void tell(List<RunCursor> cursors) {
    toldNanos = pace.now();
    listener.advanced(
        cursors.stream().mapToLong(RunCursor::steps).sum(),
        cursors.stream().mapToDouble(RunCursor::progress).average().orElse(1));
  }
}
