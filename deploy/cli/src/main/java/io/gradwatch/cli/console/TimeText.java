package io.gradwatch.cli.console;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times and stretches of time as people write them. */
final class TimeText {
  private static final Pattern PART = Pattern.compile("([0-9]{1,6})(w|d|h|min|m|s)");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "w", Duration.ofDays(7),
          "d", Duration.ofDays(1),
          "h", Duration.ofHours(1),
          "min", Duration.ofMinutes(1),
          "m", Duration.ofMinutes(1),
          "s", Duration.ofSeconds(1));

  private TimeText() {}

  /** Reads 30min, 2h, 1d12h. */
  static final class Stretch implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      Duration sum = Duration.ZERO;
      Matcher part = PART.matcher(text.strip());
      int end = 0;
      while (part.find() && part.start() == end) {
        sum =
            sum.plus(
                UNITS
                    .getOrDefault(part.group(2), Duration.ZERO)
                    .multipliedBy(Long.parseLong(part.group(1))));
        end = part.end();
      }
      if (end < text.strip().length() || sum.isZero()) {
        throw new TypeConversionException(
            "'" + text + "' must be a stretch of time such as 30min, 2h or 1d12h");
      }
      return sum;
    }
  }

  /** Reads 2026-11-21T12:00:00Z, or with another offset. */
  static final class Point implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "'" + text + "' must be a time such as 2026-11-21T12:00:00Z");
      }
    }
  }
}
