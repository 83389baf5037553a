package io.gradwatch.traces;

import java.io.IOException;

/**
 * A recording says something that cannot be read. The message names the place, the text found there
 * and what is allowed.
 */
public final class TraceFormatException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_QUOTE = 80;

  TraceFormatException(String source, String problem) {
    super(source + ": " + problem);
  }

  TraceFormatException(String source, long line, String problem) {
    super(source + ": line " + line + ": " + problem);
  }

  /** A value that its column (or JSON field) does not allow. */
  static TraceFormatException value(
      String source, long line, String column, CharSequence found, String allowed) {
    return new TraceFormatException(
        source,
        line,
        "column '"
            + printable(column)
            + "': found '"
            + printable(found)
            + "'; allowed: "
            + allowed);
  }

  /** Text of a file, made safe for a terminal and of a bearable length. */
  static String printable(CharSequence text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < LONGEST_QUOTE; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) ? '\uFFFD' : c);
    }
    return text.length() > LONGEST_QUOTE ? out.append("...").toString() : out.toString();
  }
}
