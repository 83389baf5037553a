package io.gradwatch.agent;

import io.gradwatch.producer.EventPublisher;
import io.gradwatch.traces.BundledRuns;
import io.gradwatch.traces.RecordedRun;
import io.gradwatch.traces.RecordedRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  private final Player player;

  public Replay(EventPublisher publisher, Pace pace, PlayListener listener) {
    this.player = new Player(publisher, pace, listener, false);
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
   * Publishes the runs to their end and closes them, see {@link Player#play}.
   *
   * @throws IOException when a recording cannot be closed
   */
  public PlaySummary run(List<RecordedRun> runs) throws IOException {
    return player.play(runs);
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
