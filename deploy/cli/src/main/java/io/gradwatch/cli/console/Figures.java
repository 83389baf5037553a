package io.gradwatch.cli.console;

import io.gradwatch.cli.terminal.Style;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.RunState;
import io.gradwatch.core.alarm.Severity;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers, times and states as a person at a terminal reads them. */
final class Figures {
  private static final MathContext DIGITS = new MathContext(4);

  private Figures() {}

  /** Four digits; a dash where nothing is known. */
  static String number(@Nullable Double value) {
    if (value == null) {
      return "-";
    }
    if (!Double.isFinite(value) || value == 0) {
      return value == 0 ? "0" : value.toString().replace("Infinity", "inf");
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= 1e-3 && size < 1e6) {
      return rounded.toPlainString();
    }
    int exponent = rounded.precision() - rounded.scale() - 1;
    return rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }

  /** A step. */
  static String step(@Nullable Long step) {
    return step == null ? "-" : String.format(Locale.ROOT, "%,d", step);
  }

  /** A share of 1 in per cent. */
  static String percent(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** A time to the second. */
  static String time(long millis) {
    return millis <= 0
        ? "-"
        : Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A stretch of time in its two largest units. */
  static String duration(double seconds) {
    if (!(seconds < 1e9)) {
      return "-";
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

  /** How long ago a time is. */
  static String ago(long millis, long now) {
    String since = millis <= 0 ? "-" : duration((now - millis) / 1e3);
    return since.equals("-") ? since : since + " ago";
  }

  /** LIKE_THIS as "like this". */
  static String words(String name) {
    return name.replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  /** A state in its colour. */
  static String paint(Style style, RunState state, String text) {
    return switch (state) {
      case CRITICAL -> style.severity(Severity.CRITICAL, text);
      case WATCH, SILENT -> style.severity(Severity.WARNING, text);
      case HEALTHY -> style.good(text);
      case ENDED -> style.dim(text);
    };
  }

  /** A severity in its colour; one that is not known as it is. */
  static String paint(Style style, String severity, String text) {
    for (Severity each : Severity.values()) {
      if (each.name().equals(severity)) {
        return style.severity(each, text);
      }
    }
    return text;
  }

  /** What needs a person in bold, what does not dim. */
  static String paint(Style style, AlarmStatus status, String text) {
    return switch (status) {
      case OPEN -> style.bold(text);
      case ACKNOWLEDGED, SILENCED -> text;
      case RESOLVED -> style.dim(text);
    };
  }
}
