package io.gradwatch.traces;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A recording says something that cannot be read. The message names the place, the text found there
 * and what is allowed.
 */
public final class TraceFormatException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_QUOTE = 80;

  private final String problem;
  private final @Nullable BadValue badValue;

  /**
   * A value that is not allowed.
   *
   * @param found its text, safe for a terminal; null: nothing is there
   */
  record BadValue(String column, @Nullable String found, String allowed) {}

  TraceFormatException(String source, String problem) {
    this(source + ": ", problem, null);
  }

  /**
   * @param source the file
   * @param line from 1
   * @param problem what was found, and what is allowed
   */
  public TraceFormatException(String source, long line, String problem) {
    this(source + ": line " + line + ": ", problem, null);
  }

  private TraceFormatException(String place, String problem, @Nullable BadValue badValue) {
    super(place + problem);
    this.problem = problem;
    this.badValue = badValue;
  }

  /** A field that must be there and is not. */
  static TraceFormatException missing(String source, long line, String field, String allowed) {
    return new TraceFormatException(
        source + ": line " + line + ": ",
        "no field '" + field + "'; allowed: " + allowed,
        new BadValue(field, null, allowed));
  }

  /**
   * A value that its column (or JSON field) does not allow.
   *
   * @param source the file
   * @param line from 1
   * @param allowed what would be allowed
   */
  public static TraceFormatException value(
      String source, long line, String column, CharSequence found, String allowed) {
    BadValue value = new BadValue(printable(column), printable(found), allowed);
    return new TraceFormatException(
        source + ": line " + line + ": ",
        "column '" + value.column() + "': found '" + value.found() + "'; allowed: " + allowed,
        value);
  }

  /** The message without the place. */
  String problem() {
    return problem;
  }

  /** The value that is not allowed; null where it is not a matter of one. */
  @Nullable BadValue badValue() {
    return badValue;
  }

  /** Text of a file, made safe for a terminal and of a bearable length. */
  public static String printable(CharSequence text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < LONGEST_QUOTE; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) ? '\uFFFD' : c);
    }
    return text.length() > LONGEST_QUOTE ? out.append("...").toString() : out.toString();
  }
}
