package io.gradwatch.console.routing.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.model.Labels;
import io.gradwatch.console.routing.Configs;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Labels ALARM =
      new Labels("1", "vision", "resnet-7", "DIVERGENCE", "CRITICAL", "ada", Map.of("host", "h1"));

  @Test
  void takesAnAlarmOfWhichEverythingMatches() {
    assertThat(takes("project: vision, severity: critical, kind: divergence")).isTrue();
    assertThat(takes("project: vision, severity: warning")).isFalse();
    assertThat(takes("severity: [WARNING, CRITICAL]")).isTrue();
    assertThat(takes("severity: '!= CRITICAL'")).isFalse();
    assertThat(takes("run: '=~ resnet-.*'")).isTrue();
    assertThat(takes("run: '=~ resnet'")).as("the whole label").isFalse();
    assertThat(takes("run: '!~ bert-.*'")).isTrue();
    assertThat(takes("owner: ada, 'tag:host': h1")).isTrue();
    assertThat(takes("'tag:cluster': c")).isFalse();
    assertThat(takes("'tag:cluster': ''")).as("an absent label is blank").isTrue();
  }

  @Test
  void aWindowHoldsFromItsBeginningToBeforeItsEnd() {
    TimeWindow office =
        new TimeWindow(
            Set.of(DayOfWeek.MONDAY), LocalTime.of(9, 0), LocalTime.of(17, 0), ZoneId.of("UTC"));
    assertThat(office.holds(Instant.parse("2026-11-23T08:59:59.999Z"))).isFalse();
    assertThat(office.holds(Instant.parse("2026-11-23T09:00:00Z"))).isTrue();
    assertThat(office.holds(Instant.parse("2026-11-23T16:59:59.999Z"))).isTrue();
    assertThat(office.holds(Instant.parse("2026-11-23T17:00:00Z"))).isFalse();
    assertThat(office.holds(Instant.parse("2026-11-24T10:00:00Z"))).isFalse();
  }

  @Test
  void aWindowOverMidnightBelongsToTheDayItBeginsOn() {
    TimeWindow night =
        new TimeWindow(
            Set.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("UTC"));
    assertThat(night.holds(Instant.parse("2026-11-27T21:59:00Z"))).isFalse();
    assertThat(night.holds(Instant.parse("2026-11-27T22:00:00Z"))).isTrue();
    assertThat(night.holds(Instant.parse("2026-11-28T05:59:00Z"))).isTrue();
    assertThat(night.holds(Instant.parse("2026-11-28T06:00:00Z"))).isFalse();
    assertThat(night.holds(Instant.parse("2026-11-28T22:00:00Z"))).isFalse();
    assertThat(night.holds(Instant.parse("2026-11-27T05:00:00Z"))).isFalse();
  }

  @Test
  void aWindowGoesByTheClockOnItsWall() {
    TimeWindow berlin =
        new TimeWindow(
            Set.of(DayOfWeek.values()),
            LocalTime.of(9, 0),
            LocalTime.of(10, 0),
            ZoneId.of("Europe/Berlin"));
    assertThat(berlin.holds(Instant.parse("2026-01-15T08:30:00Z"))).isTrue();
    assertThat(berlin.holds(Instant.parse("2026-07-15T08:30:00Z"))).isFalse();
    assertThat(berlin.holds(Instant.parse("2026-07-15T07:30:00Z"))).isTrue();
  }

  @Test
  void aRouteHoldsInItsWindowsOnly() {
    Route route =
        Configs.of("routes: [{during: [{days: [mon, wed-fri], from: '09:00', to: '17:00'}]}]")
            .routes()
            .get(0);
    assertThat(route.takes(ALARM, NOW)).as("Sunday").isFalse();
    assertThat(route.takes(ALARM, Instant.parse("2026-11-23T10:00:00Z"))).isTrue();
    assertThat(route.takes(ALARM, Instant.parse("2026-11-24T10:00:00Z"))).isFalse();
    assertThat(route.takes(ALARM, Instant.parse("2026-11-26T10:00:00Z"))).isTrue();
  }

  @Test
  void aWindowHoldsNextWhenItBeginsNext() {
    TimeWindow office =
        new TimeWindow(
            Set.of(DayOfWeek.MONDAY), LocalTime.of(9, 0), LocalTime.of(17, 0), ZoneId.of("UTC"));
    Instant monday = Instant.parse("2026-11-23T09:00:00Z");
    assertThat(office.firstHeld(Instant.parse("2026-11-20T20:00:00Z"))).isEqualTo(monday);
    assertThat(office.firstHeld(monday.plusSeconds(60))).isEqualTo(monday.plusSeconds(60));
    assertThat(office.firstHeld(Instant.parse("2026-11-23T17:00:00Z")))
        .isEqualTo(Instant.parse("2026-11-30T09:00:00Z"));
  }

  private static boolean takes(String match) {
    return Configs.of("routes: [{match: {" + match + "}}]").routes().get(0).takes(ALARM, NOW);
  }
}
