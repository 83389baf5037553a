package io.gradwatch.console.routing.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: 500ms, 30s, 15m, 6h, 2d. */
public final class Durations {
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * The time that a text says.
   *
   * @throws IllegalArgumentException when it says none
   */
  public static Duration parse(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new IllegalArgumentException("is '" + text + "', must be such as 30s, 15m, 6h or 2d");
    }
    long count = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /** The same in words of its largest unit that fits, such as 15 min. */
  public static String words(Duration time) {
    long seconds = time.toSeconds();
    if (seconds >= 2 * 86_400) {
      return seconds / 86_400 + " days";
    }
    if (seconds >= 2 * 3_600) {
      return seconds / 3_600 + " h";
    }
    return seconds >= 120 ? seconds / 60 + " min" : seconds + " s";
  }
}
