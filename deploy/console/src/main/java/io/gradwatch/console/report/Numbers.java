package io.gradwatch.console.report;

import io.gradwatch.console.api.RunRow;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and times as a person reads them, the same in every locale. */
final class Numbers {
  private static final MathContext DIGITS = new MathContext(4);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Numbers() {}

  /** Four digits; a dash where nothing is known. */
  static String of(@Nullable Double value) {
    if (value == null) {
      return "–";
    }
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= 1e-4 && size < 1e6) {
      return size >= 1e4 ? String.format(Locale.ROOT, "%,.0f", value) : rounded.toPlainString();
    }
    int exponent = rounded.precision() - rounded.scale() - 1;
    return rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }

  /** A step. */
  static String step(long step) {
    return String.format(Locale.ROOT, "%,d", step);
  }

  /** A share of 1 in per cent. */
  static String percent(@Nullable Double share) {
    return share == null ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** A time; a dash where none is known. */
  static String time(long millis) {
    return millis <= 0 ? "–" : TIME.format(Instant.ofEpochMilli(millis));
  }

  /** A stretch of time in its two largest units. */
  static String duration(double seconds) {
    if (!(seconds < 1e9)) {
      return "–";
    }
    Duration time = Duration.ofSeconds(Math.round(Math.max(0, seconds)));
    if (time.toDays() > 0) {
      return time.toDays() + " d " + time.toHoursPart() + " h";
    }
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }

  /** How a run ended; empty where it has not, or nobody said. */
  static String outcome(RunRow row) {
    String outcome = row.outcome();
    return outcome == null || outcome.equals("UNKNOWN") ? "" : words(outcome);
  }

  /** LIKE_THIS as "like this". */
  static String words(String name) {
    return name.replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
