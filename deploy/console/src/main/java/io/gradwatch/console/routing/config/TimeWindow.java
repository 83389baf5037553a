package io.gradwatch.console.routing.config;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Hours of some days, by the clock on a wall.
 *
 * @param days days on which it begins
 * @param from when it begins
 * @param to when it ends; at or before {@code from}: on the day after
 * @param zone where the wall is
 */
public record TimeWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
  /** Today, whose window may be over, and a week. */
  private static final int DAYS_AHEAD = 8;

  public TimeWindow {
    days = Set.copyOf(days);
  }

  /** Whether a moment lies in it: its beginning does, its end does not. */
  public boolean holds(Instant moment) {
    ZonedDateTime there = moment.atZone(zone);
    LocalTime time = there.toLocalTime();
    DayOfWeek day = there.getDayOfWeek();
    if (from.isBefore(to)) {
      return days.contains(day) && !time.isBefore(from) && time.isBefore(to);
    }
    return (days.contains(day) && !time.isBefore(from))
        || (days.contains(day.minus(1)) && time.isBefore(to));
  }

  /** The first moment in it from a moment on, that included. */
  public Instant firstHeld(Instant moment) {
    if (holds(moment)) {
      return moment;
    }
    LocalDate today = moment.atZone(zone).toLocalDate();
    return Stream.iterate(today, day -> day.plusDays(1))
        .limit(DAYS_AHEAD)
        .filter(day -> days.contains(day.getDayOfWeek()))
        .map(day -> day.atTime(from).atZone(zone).toInstant())
        .filter(begin -> !begin.isBefore(moment))
        .findFirst()
        .orElse(moment);
  }
}
