package io.gradwatch.agent.tail;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and names as programs print them for people. */
final class Numbers {
  private Numbers() {}

  /** The number; null where the text is none. */
  static @Nullable Double parse(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    return switch (word) {
      case "nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> decimal(word);
    };
  }

  /** The name in lower case with underscores for what stands between letters and digits. */
  static String underscored(String name) {
    StringBuilder out = new StringBuilder(name.length());
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      if (Character.isLetterOrDigit(c)) {
        out.append(c);
      } else if (!out.isEmpty() && out.charAt(out.length() - 1) != '_') {
        out.append('_');
      }
    }
    int length = out.length();
    return length > 0 && out.charAt(length - 1) == '_'
        ? out.substring(0, length - 1)
        : out.toString();
  }

  private static @Nullable Double decimal(String text) {
    if (text.isEmpty() || text.charAt(text.length() - 1) > '9') {
      return null; // Java's own 1f and 1d
    }
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
