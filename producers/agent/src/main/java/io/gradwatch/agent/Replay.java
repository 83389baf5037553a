package io.gradwatch.agent;

import io.gradwatch.producer.EventPublisher;
import io.gradwatch.traces.BundledRuns;
import io.gradwatch.traces.RecordedRun;
import io.gradwatch.traces.RecordedRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Publishes recorded runs as if they were trained now, interleaved: one step of each run, then the
 * next. Events go out as recorded, times included, so that a replay computes what a backtest does.
 *
 * <p>Give it a publisher with {@link io.gradwatch.producer.Overflow#WAIT}, else events are dropped
 * when the broker is slower than the replay. Closing the publisher, which waits for the last
 * acknowledgement, is the caller's.
 */
public final class Replay {

  /** Opens a recording. */
  private interface Opening {
    RecordedRun open() throws IOException;
  }

  private final EventPublisher publisher;
  private final Pace pace;
  private final ReplayListener listener;
  private final Map<String, String> failures = new TreeMap<>();

  public Replay(EventPublisher publisher, Pace pace, ReplayListener listener) {
    this.publisher = publisher;
    this.pace = pace;
    this.listener = listener;
  }

  /**
   * Opens recordings by their files.
   *
   * @throws IOException when one cannot be opened or two have the same run id; none stays open
   */
  public static List<RecordedRun> open(List<Path> files) throws IOException {
    return openAll(files.stream().<Opening>map(file -> () -> RecordedRuns.open(file)).toList());
  }

  /** Opens bundled recordings by their names. */
  public static List<RecordedRun> openBundled(List<String> names) throws IOException {
    return openAll(names.stream().<Opening>map(name -> () -> BundledRuns.open(name)).toList());
  }

  /**
   * Publishes the runs to their end and closes them. A recording that cannot be read on ends its
   * run only. An interrupt ends the replay; the thread stays interrupted.
   *
   * @throws IOException when a recording cannot be closed
   */
  public ReplaySummary run(List<RecordedRun> runs) throws IOException {
    long start = pace.now();
    failures.clear();
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
    ReplaySummary summary =
        new ReplaySummary(
            runs.size(),
            steps(cursors),
            cursors.stream().mapToLong(RunCursor::events).sum(),
            failures,
            complete,
            Duration.ofNanos(pace.now() - start));
    listener.finished(summary);
    return summary;
  }

  /** Publishes step by step; false when it was interrupted. */
  private boolean play(List<RunCursor> cursors, long start) {
    List<RunCursor> playing = new ArrayList<>(cursors);
    playing.removeIf(RunCursor::atEnd);
    try {
      for (long step = 0; !playing.isEmpty(); step++) {
        pace.await(start, step);
        playing.forEach(this::advance);
        playing.removeIf(RunCursor::atEnd);
        listener.advanced(
            steps(cursors), cursors.stream().mapToDouble(RunCursor::progress).average().orElse(1));
      }
      return true;
    } catch (InterruptedException e) {
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

  private static long steps(List<RunCursor> cursors) {
    return cursors.stream().mapToLong(RunCursor::steps).sum();
  }

  private static List<RecordedRun> openAll(List<Opening> openings) throws IOException {
    List<RecordedRun> runs = new ArrayList<>();
    boolean all = false;
    try {
      Set<String> ids = new HashSet<>();
      for (Opening opening : openings) {
        RecordedRun run = opening.open();
        runs.add(run);
        if (!ids.add(run.runId())) {
          throw new IOException("two recordings have the run id '" + run.runId() + "'");
        }
      }
      all = true;
      return runs;
    } finally {
      if (!all) {
        for (RecordedRun run : runs) {
          run.close();
        }
      }
    }
  }
}
