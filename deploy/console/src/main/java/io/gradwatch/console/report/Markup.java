package io.gradwatch.console.report;

/**
 * Text of anybody as text of a page: nothing in it is markup, and nothing turns the page around.
 */
final class Markup {
  private static final int REPLACEMENT = 0xFFFD;

  private Markup() {}

  /** Escaped for content and for attributes in double quotes, of HTML and of XML. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> out.appendCodePoint(isVisible(c) ? c : REPLACEMENT);
    }
  }

  /** Every character that cannot be seen made one that can. */
  static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.appendCodePoint(isVisible(c) ? c : REPLACEMENT));
    return out.toString();
  }

  /** At most so many characters, the middle left out. */
  static String shorten(String text, int most) {
    int length = text.codePointCount(0, text.length());
    if (length <= most) {
      return text;
    }
    int head = (most - 1) / 2;
    int tail = most - 1 - head;
    return text.substring(0, text.offsetByCodePoints(0, head))
        + "…"
        + text.substring(text.offsetByCodePoints(text.length(), -tail));
  }

  /** At most so many characters, the start left out: what tells layers apart stands at the end. */
  static String tail(String text, int most) {
    int length = text.codePointCount(0, text.length());
    return length <= most
        ? text
        : "…" + text.substring(text.offsetByCodePoints(text.length(), 1 - most));
  }

  /** What XML 1.0 (section 2.2) forbids, and what changes the order or the lines of other text. */
  private static boolean isVisible(int c) {
    if (c == 0xFFFE || c == 0xFFFF) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
