package io.gradwatch.cli.demo;

import io.gradwatch.agent.Pace;
import io.gradwatch.agent.PlayListener;
import io.gradwatch.agent.PlaySummary;
import io.gradwatch.agent.Replay;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Replays bundled runs side by side, and knows how far it is. */
final class DemoReplay implements PlayListener {
  private final List<String> names;
  private final Pace pace;
  private final Map<String, Long> lastSteps = new ConcurrentHashMap<>();
  private volatile long steps;
  private volatile double progress;

  /**
   * @param names bundled runs
   * @param pace of each run
   */
  DemoReplay(List<String> names, Pace pace) {
    this.names = names;
    this.pace = pace;
  }

  /** Sends all runs. */
  PlaySummary run(EventPublisher publisher) throws IOException {
    List<RecordedRun> runs = new ArrayList<>();
    for (RecordedRun run : Replay.openBundled(names)) {
      runs.add(new Noted(run));
    }
    return new Replay(publisher, pace, this).run(runs);
  }

  @Override
  public void advanced(long newSteps, double newProgress) {
    steps = newSteps;
    progress = newProgress;
  }

  /** Steps sent so far, of all runs. */
  long steps() {
    return steps;
  }

  /** Share sent so far, 0 to 1. */
  double progress() {
    return progress;
  }

  /** The last step of each run, as far as it was sent. */
  Map<String, Long> lastSteps() {
    return Map.copyOf(lastSteps);
  }

  /** A run whose newest step is noted. */
  private final class Noted implements RecordedRun {
    private final RecordedRun run;

    Noted(RecordedRun run) {
      this.run = run;
    }

    @Override
    public String runId() {
      return run.runId();
    }

    @Override
    public @Nullable TrainingEvent next() throws IOException {
      TrainingEvent event = run.next();
      if (event != null) {
        if (event.getEmittedAt() == 0) {
          // Recorded without times; who looks at the console sees it happen now.
          event.setEmittedAt(System.currentTimeMillis());
        }
        lastSteps.merge(event.getRunId(), event.getStep(), Math::max);
      }
      return event;
    }

    @Override
    public double progress() {
      return run.progress();
    }

    @Override
    public void close() throws IOException {
      run.close();
    }
  }
}
