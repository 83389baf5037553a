package io.gradwatch.agent.tail;

import io.gradwatch.agent.Counted;
import io.gradwatch.agent.Terminal;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows what a tail does: on a terminal one line that is drawn over, elsewhere nothing but what
 * people should know, and a line at the end.
 */
public final class TailProgress implements TailListener {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final Terminal terminal;
  private final boolean endless;
  private final LongSupplier nanoTime;
  private long drawnNanos;
  private boolean drawn;

  /**
   * @param endless whether the tail goes on until it is stopped
   */
  public TailProgress(PrintStream out, Terminal terminal, boolean endless) {
    this(out, terminal, endless, System::nanoTime);
  }

  TailProgress(PrintStream out, Terminal terminal, boolean endless, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.endless = endless;
    this.nanoTime = nanoTime;
  }

  @Override
  public void note(String text) {
    line(harmless(text));
  }

  @Override
  public void looked(TailSummary soFar) {
    long now = nanoTime.getAsLong();
    if (terminal.interactive() && (!drawn || now - drawnNanos >= REDRAW_NANOS)) {
      drawn = true;
      drawnNanos = now;
      String text =
          soFar.runs() == 0
              ? "no logs yet"
              : "following " + told(soFar) + (endless ? "; Ctrl-C ends" : "");
      int width = terminal.columns() - 1;
      out.print(ERASE_LINE + (text.length() > width ? text.substring(0, width) : text));
      out.flush();
    }
  }

  @Override
  public void finished(TailSummary summary) {
    line(
        "published "
            + told(summary)
            + (summary.complete() ? "" : "; not all arrived, the next start sends them again"));
  }

  private static String told(TailSummary summary) {
    return String.format(
        Locale.ROOT,
        "%s, %s, %s%s",
        Counted.of(summary.runs(), "run"),
        Counted.of(summary.steps(), "step"),
        Counted.of(summary.events(), "event"),
        summary.badLines() == 0 ? "" : ", " + Counted.of(summary.badLines(), "bad line"));
  }

  private void line(String text) {
    out.println((drawn ? ERASE_LINE : "") + text);
    drawn = false;
  }

  /** Names of files and runs may hold what a terminal obeys. */
  private static String harmless(String text) {
    StringBuilder safe = new StringBuilder(text);
    for (int i = 0; i < safe.length(); i++) {
      if (Character.isISOControl(safe.charAt(i))) {
        safe.setCharAt(i, '\uFFFD');
      }
    }
    return safe.toString();
  }
}
