package io.gradwatch.wire.policy;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** From when on a policy holds, as people write it. */
public final class EffectiveAt {
  /** Its name in a file. */
  static final String NAME = "effective_at";

  /** The last millisecond of the year 9999, after which no event is taken to be emitted. */
  private static final long LATEST = 253_402_300_799_999L;

  /** What it may be, as in "it must be ...". */
  public static final String BOUND =
      "a time such as 2026-11-21T12:00:00Z, or milliseconds since 1970 up to " + LATEST;

  private EffectiveAt() {}

  /** The time that a text tells, in milliseconds since 1970; null when it tells none. */
  public static @Nullable Long parse(String text) {
    try {
      long millis =
          text.matches("[0-9]{1,18}")
              ? Long.parseLong(text)
              : OffsetDateTime.parse(text).toInstant().toEpochMilli();
      return isPossible(millis) ? millis : null;
    } catch (DateTimeException | ArithmeticException e) {
      return null; // no time, or one in a year that no long of milliseconds holds
    }
  }

  static boolean isPossible(long millis) {
    return millis >= 0 && millis <= LATEST;
  }
}
