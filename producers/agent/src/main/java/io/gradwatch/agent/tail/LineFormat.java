package io.gradwatch.agent.tail;

import io.gradwatch.traces.TraceFormatException;
import io.gradwatch.traces.TraceRow;
import java.util.function.Consumer;

/** Understands the lines of one log. Keeps what it must know of the lines before. */
interface LineFormat {

  /**
   * Gives the rows that a line says, if any.
   *
   * @param source the file, for messages
   * @param number of the line, from 1
   * @throws TraceFormatException when the line cannot be understood; the next may be
   */
  void read(String text, String source, long number, Consumer<TraceRow> out)
      throws TraceFormatException;

  /** Whether a line shows that nothing of it is missing, although its end is. */
  boolean isWhole(String text);

  /** Other content begins, with its first line. */
  default void begin() {}

  /** What must be known to read on after a restart; empty for nothing. */
  default String memory() {
    return "";
  }

  /**
   * Takes what was known.
   *
   * @param memory of this format, not empty
   * @param source the file, for messages
   * @throws TraceFormatException when it is none
   */
  default void recall(String memory, String source) throws TraceFormatException {}
}
