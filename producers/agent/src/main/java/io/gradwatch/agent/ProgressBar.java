package io.gradwatch.agent;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows how far runs are played: on a terminal one line that is drawn over ten times a second,
 * elsewhere a plain line at the beginning and the end. Failures have lines of their own in both.
 */
public final class ProgressBar implements PlayListener {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int WIDEST_BAR = 40;
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final Terminal terminal;
  private final Words words;
  private final LongSupplier nanoTime;
  private int runs;
  private long begunNanos;
  private long drawnNanos;
  private boolean drawn;

  /** What is done to the runs. */
  public enum Words {
    REPLAY("replaying", "replayed"),
    LOAD("sending", "sent");

    private final String doing;
    private final String done;

    Words(String doing, String done) {
      this.doing = doing;
      this.done = done;
    }
  }

  /** Writes to a stream, which is stderr unless a test looks. */
  public ProgressBar(PrintStream out, Terminal terminal, Words words) {
    this(out, terminal, words, System::nanoTime);
  }

  ProgressBar(PrintStream out, Terminal terminal, Words words, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.words = words;
    this.nanoTime = nanoTime;
  }

  @Override
  public void began(int runs) {
    this.runs = runs;
    begunNanos = nanoTime.getAsLong();
    if (!terminal.interactive()) {
      line(words.doing + " " + Counted.of(runs, "run"));
    }
  }

  @Override
  public void advanced(long steps, double progress) {
    long now = nanoTime.getAsLong();
    if (terminal.interactive() && (!drawn || now - drawnNanos >= REDRAW_NANOS)) {
      drawn = true;
      drawnNanos = now;
      out.print(ERASE_LINE + (Double.isNaN(progress) ? rate(steps, now) : bar(steps, progress)));
      out.flush();
    }
  }

  @Override
  public void runFailed(String runId, String message) {
    line("cannot read on " + runId + ": " + message);
  }

  @Override
  public void finished(PlaySummary summary) {
    double seconds = summary.elapsed().toNanos() / 1e9;
    line(
        String.format(
            Locale.ROOT,
            "%s %s, %s in %.1f s%s",
            summary.complete() ? words.done : "interrupted after",
            Counted.of(summary.runs(), "run"),
            Counted.of(summary.steps(), "step"),
            seconds,
            summary.failures().isEmpty()
                ? ""
                : ", " + summary.failures().size() + " not to the end"));
  }

  private void line(String text) {
    out.println((drawn ? ERASE_LINE : "") + text);
    drawn = false;
  }

  private String bar(long steps, double progress) {
    String before = words.doing + " " + Counted.of(runs, "run") + " [";
    String after = String.format(Locale.ROOT, "] %3.0f %% %,10d steps", 100 * progress, steps);
    int width =
        Math.max(
            0, Math.min(WIDEST_BAR, terminal.columns() - 1 - before.length() - after.length()));
    int full = (int) Math.round(width * progress);
    String done = "#".repeat(full);
    return before
        + (terminal.colour() ? GREEN + done + PLAIN : done)
        + ".".repeat(width - full)
        + after;
  }

  /** Where there is no end to be near to. */
  private String rate(long steps, long now) {
    double seconds = Math.max(1e-3, (now - begunNanos) / 1e9);
    return String.format(
        Locale.ROOT,
        "%s %s %,12d steps %,10.0f/s",
        words.doing,
        Counted.of(runs, "run"),
        steps,
        steps / seconds);
  }
}
