package io.gradwatch.cli.console;

import io.gradwatch.cli.terminal.OutputClosedException;
import java.io.PrintWriter;
import java.util.List;

/** A part of the terminal that is drawn again and again in the same place. */
final class WatchScreen {
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String END_OF_LINE = "\u001b[K";
  private static final String END_OF_SCREEN = "\u001b[J";

  private final PrintWriter out;
  private int drawn;

  WatchScreen(PrintWriter out) {
    this.out = out;
  }

  /** Draws lines over those that were drawn before. */
  synchronized void draw(List<String> lines) {
    out.print(HIDE_CURSOR);
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A\r");
    }
    lines.forEach(line -> out.print(line + END_OF_LINE + "\n"));
    out.print(END_OF_SCREEN);
    out.flush();
    drawn = lines.size();
    if (out.checkError()) {
      throw new OutputClosedException();
    }
  }

  /** Leaves what was drawn, and the terminal as it was. */
  synchronized void leave() {
    if (drawn > 0) {
      out.print(SHOW_CURSOR);
      out.flush();
    }
  }
}
