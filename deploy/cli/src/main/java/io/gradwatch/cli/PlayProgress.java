package io.gradwatch.cli;

import io.gradwatch.agent.PlayListener;
import io.gradwatch.agent.PlaySummary;
import io.gradwatch.agent.ProgressBar;
import io.gradwatch.cli.terminal.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The line on standard error that tells how far runs are played. */
final class PlayProgress {
  private final PlayListener bar;
  private final PrintStream err;
  private final boolean drawnOver;

  PlayProgress(PlayListener bar, PrintStream err, boolean drawnOver) {
    this.bar = bar;
    this.err = err;
    this.drawnOver = drawnOver;
  }

  /** On this terminal, if it is one. */
  static PlayProgress of(ProgressBar.Words words) {
    Terminal terminal = Terminal.detect();
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    var shown =
        new io.gradwatch.agent.Terminal(terminal.err(), terminal.colour(), terminal.columns());
    return new PlayProgress(new ProgressBar(err, shown, words), err, terminal.err());
  }

  /** Withholds the end: what was handed to the publisher has not arrived yet. */
  PlayListener untilTheEnd() {
    return new PlayListener() {
      @Override
      public void began(int runs) {
        bar.began(runs);
      }

      @Override
      public void advanced(long steps, double progress) {
        bar.advanced(steps, progress);
      }

      @Override
      public void runEnded(String runId, long steps) {
        bar.runEnded(runId, steps);
      }

      @Override
      public void runFailed(String runId, String message) {
        bar.runFailed(runId, message);
      }
    };
  }

  /** All has arrived. */
  void finished(PlaySummary summary) {
    bar.finished(summary);
  }

  /** Leaves the line for another message. */
  void leave() {
    if (drawnOver) {
      err.println();
    }
  }
}
