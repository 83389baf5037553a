package io.gradwatch.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.jobs.Backend;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(Schedule.of(42)).isEqualTo(Schedule.of(42)).isNotEqualTo(Schedule.of(43));
  }

  @Test
  void hasEveryKindOfFaultBothSchedulersAndBothBackendsInTheFirstTenSeeds() {
    List<Schedule> first = LongStream.rangeClosed(1, 10).mapToObj(Schedule::of).toList();
    Set<Class<?>> kinds = new HashSet<>();
    first.forEach(schedule -> schedule.steps().forEach(step -> kinds.add(step.fault().getClass())));
    assertThat(kinds).containsExactlyInAnyOrder(Fault.class.getPermittedSubclasses());
    assertThat(first).extracting(Schedule::scheduler).contains(Scheduler.values());
    assertThat(first).extracting(Schedule::backend).contains(Backend.values());
    assertThat(first).extracting(Schedule::parallelism).contains(1, 2, 4);
  }

  @Test
  void keepsItsFaultsInOrderAndWithinTheEvents() {
    for (long seed = 0; seed < 1_000; seed++) {
      assertThat(Schedule.of(seed).steps())
          .extracting(Schedule.Step::position)
          .isSorted()
          .allMatch(position -> position > 0 && position < 1);
    }
  }

  @Test
  void saysOfItselfWhatItDoes() {
    assertThat(Schedule.of(0))
        .hasToString(
            """
            seed 0: DEFAULT, HASHMAP, parallelism 2
              at 50 % KillTaskManager[which=0]""");
  }
}
