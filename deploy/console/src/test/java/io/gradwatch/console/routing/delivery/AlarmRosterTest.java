package io.gradwatch.console.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.routing.Alarms;
import io.gradwatch.console.routing.notice.RoutedAlarm;
import io.gradwatch.records.DivergenceAlarm;
import org.junit.jupiter.api.Test;

class AlarmRosterTest {
  private final AlarmRoster roster = new AlarmRoster(3);

  private void take(DivergenceAlarm alarm) {
    roster.take(new RoutedAlarm(alarm, Rig.PARTITION, 0, 0, 0));
  }

  @Test
  void whatIsOverGoesFirstWhenThereIsNoRoom() {
    take(Alarms.open(1, 0));
    take(Alarms.open(2, 0));
    take(Alarms.resolved(Alarms.open(2, 0), 0));
    take(Alarms.open(3, 0));
    take(Alarms.open(4, 0));
    assertThat(roster.all())
        .extracting(RoutedAlarm::id)
        .containsExactly(Alarms.id(1), Alarms.id(3), Alarms.id(4));
    take(Alarms.open(2, 0));
    assertThat(roster.get(Alarms.id(2))).as("a job that starts again tells it anew").isNull();
    take(Alarms.open(5, 0));
    assertThat(roster.all())
        .extracting(RoutedAlarm::id)
        .containsExactly(Alarms.id(3), Alarms.id(4), Alarms.id(5));
    assertThat(roster.evicted()).isEqualTo(2);
  }
}
