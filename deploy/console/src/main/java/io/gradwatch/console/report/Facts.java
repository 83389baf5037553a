package io.gradwatch.console.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers and words out of a record that came as JSON: what is missing is null or empty. */
final class Facts {
  private final Map<?, ?> members;

  Facts(@Nullable Map<?, ?> members) {
    this.members = members == null ? Map.of() : members;
  }

  /** A record within. */
  Facts part(String name) {
    return new Facts(members.get(name) instanceof Map<?, ?> part ? part : Map.of());
  }

  /** A number; also one that JSON can only say as a word. */
  @Nullable Double number(String name) {
    Object value = members.get(name);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return switch (value instanceof String word ? word : "") {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  /** A word or a sentence. */
  String word(String name) {
    return members.get(name) instanceof String word ? word : "";
  }

  /** A count. */
  String count(String name) {
    Double number = number(name);
    return number == null || !Double.isFinite(number) ? "–" : Numbers.step(number.longValue());
  }
}
