package io.gradwatch.backtest;

import org.jspecify.annotations.Nullable;

/**
 * Appends JSON to a buffer. Numbers that JSON cannot say become the words "NaN", "Infinity" and
 * "-Infinity"; characters a terminal might obey are escaped.
 */
public final class JsonText {
  private static final String HEX = "0123456789abcdef";

  private JsonText() {}

  /** A quoted string, or null. */
  public static StringBuilder string(StringBuilder out, @Nullable CharSequence text) {
    if (text == null) {
      return out.append("null");
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else if (Character.isISOControl(c) || Character.isSurrogate(c) || isFormat(c)) {
        escape(out, c);
      } else {
        out.append(c);
      }
    }
    return out.append('"');
  }

  /** A number, or the word for one that JSON cannot say. */
  public static StringBuilder number(StringBuilder out, double value) {
    return Double.isFinite(value) ? out.append(value) : out.append('"').append(value).append('"');
  }

  /** A number in the shortest form that is the same float. */
  public static StringBuilder number(StringBuilder out, float value) {
    return Float.isFinite(value) ? out.append(value) : out.append('"').append(value).append('"');
  }

  /** Line separators and marks that turn the direction of text. */
  private static boolean isFormat(char c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt(c >> shift & 0xF));
    }
  }
}
