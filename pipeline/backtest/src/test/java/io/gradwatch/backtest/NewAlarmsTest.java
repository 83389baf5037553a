package io.gradwatch.backtest;

import static io.gradwatch.core.alarm.AlarmState.OPEN;
import static io.gradwatch.core.alarm.AlarmState.RESOLVED;
import static io.gradwatch.core.alarm.AlarmState.UPDATED;
import static io.gradwatch.core.alarm.Severity.CRITICAL;
import static io.gradwatch.core.alarm.Severity.INFO;
import static io.gradwatch.core.alarm.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewAlarmsTest {
  private final NewAlarms newAlarms = new NewAlarms();

  @Test
  void tellsTheOpeningAndEachRiseOfSeverityOnce() {
    assertThat(newAlarms.isNew("a", OPEN, INFO)).isTrue();
    assertThat(newAlarms.isNew("a", OPEN, INFO)).isFalse();
    assertThat(newAlarms.isNew("a", UPDATED, INFO)).isFalse();
    assertThat(newAlarms.isNew("a", UPDATED, WARNING)).isTrue();
    assertThat(newAlarms.isNew("a", UPDATED, WARNING)).isFalse();
    assertThat(newAlarms.isNew("a", UPDATED, CRITICAL)).isTrue();
    assertThat(newAlarms.isNew("a", RESOLVED, CRITICAL)).isFalse();
  }

  @Test
  void tellsAlarmsApart() {
    assertThat(newAlarms.isNew("a", OPEN, CRITICAL)).isTrue();
    assertThat(newAlarms.isNew("b", OPEN, WARNING)).isTrue();
  }

  @Test
  void tellsAnAlarmWhoseOpeningWasMissed() {
    assertThat(newAlarms.isNew("a", UPDATED, WARNING)).isTrue();
  }
}
