package io.gradwatch.console.routing.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastReadTest {
  private double alarms;
  private double sayings;
  private long now = 1_000;
  private final LastRead lastRead =
      new LastRead(
          List.of(() -> alarms, () -> sayings),
          ((InstantSource) () -> Instant.ofEpochMilli(now)).withZone(ZoneOffset.UTC));

  private long endRoundAt(long millis) {
    now = millis;
    lastRead.endRound();
    return lastRead.millis();
  }

  @Test
  void wasNeverWhileNobodyAnswers() {
    assertThat(lastRead.millis()).isZero();
    assertThat(endRoundAt(2_000)).isZero();
  }

  @Test
  void isNotMovedByRoundsWithoutAnAnswer() {
    alarms = 1;
    sayings = 1;
    assertThat(endRoundAt(2_000)).isEqualTo(2_000);
    assertThat(endRoundAt(3_000)).isEqualTo(2_000);
  }

  @Test
  void waitsForTheAnswersOfAllAndLetsThemComeInTurn() {
    alarms = 1;
    assertThat(endRoundAt(2_000)).isZero();
    sayings = 1;
    assertThat(endRoundAt(3_000)).isEqualTo(3_000);
    alarms = 9;
    assertThat(endRoundAt(4_000)).isEqualTo(3_000);
    sayings = 2;
    assertThat(endRoundAt(5_000)).isEqualTo(5_000);
  }

  @Test
  void takesACountThatBeginsAnewForAnAnswer() {
    alarms = 500;
    sayings = 1;
    assertThat(endRoundAt(2_000)).isEqualTo(2_000);
    alarms = 3; // heartbeats, as its partitions were taken away
    sayings = 2;
    assertThat(endRoundAt(3_000)).isEqualTo(3_000);
  }
}
