package io.gradwatch.lab.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  @Test
  void comesAtItsRateWhateverHappened() {
    Schedule schedule = new Schedule(1_000, 1_000);

    assertThat(schedule.due(0)).isEqualTo(1_000);
    assertThat(schedule.due(1)).isEqualTo(1_001_000);
    assertThat(schedule.due(1_000_000)).isEqualTo(1_000_000_001_000L);
  }

  @Test
  void countsWhatIsDueOnceItIsDue() {
    Schedule schedule = new Schedule(1_000, 1_000);

    assertThat(schedule.dueBy(999)).isZero();
    assertThat(schedule.dueBy(1_000)).isEqualTo(1);
    assertThat(schedule.dueBy(1_000_999)).isEqualTo(1);
    assertThat(schedule.dueBy(1_001_001)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 7, 999.9, 123_456.7})
  void losesNoneOverAnHour(double perSecond) {
    Schedule schedule = new Schedule(-5, perSecond);
    long hour = 3_600_000_000_000L;

    long due = schedule.dueBy(hour);

    assertThat(due).isEqualTo((long) Math.floor((hour + 5) * (perSecond / 1e9)) + 1);
    assertThat(schedule.due(due - 1)).isLessThanOrEqualTo(hour + 1);
    assertThat(schedule.due(due)).isGreaterThanOrEqualTo(hour - 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesRatesThatAreNone(double perSecond) {
    assertThatThrownBy(() -> new Schedule(0, perSecond)).hasMessageContaining("" + perSecond);
  }
}
