package io.gradwatch.jobs.functions;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.jobs.Backend;
import io.gradwatch.jobs.Policies;
import io.gradwatch.jobs.Samples;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CheckpointAgeTest {
  private long now = 1_000;
  private final CheckpointAge age = new CheckpointAge(Duration.ofMillis(300), () -> now);

  @Test
  void checkpointsMayFailUntilTheLastOneIsTooOld() {
    now += 299;
    assertThatCode(age::requireYoung).doesNotThrowAnyException();
    now += 1;
    assertThatThrownBy(age::requireYoung)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("no checkpoint was completed for PT0.3S, must be less than PT0.3S");
  }

  @Test
  void oneThatIsCompletedMakesItYoung() {
    now += 299;
    age.completed();
    now += 299;
    assertThatCode(age::requireYoung).doesNotThrowAnyException();
  }

  @Test
  void theMonitorFailsWhereACheckpointIsAbortedTooLate() throws Exception {
    MonitorLimits impatient = Samples.LIMITS.withMostCheckpointAge(Duration.ZERO);
    try (Harness task = new Harness(Backend.HASHMAP, Policies.noTopic(), impatient, 1, 0)) {
      task.open();
      assertThatThrownBy(() -> task.getOperator().notifyCheckpointAborted(1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no checkpoint was completed");
    }
    try (Harness task = new Harness(Backend.HASHMAP, Policies.noTopic(), 1, 0)) {
      task.open();
      assertThatCode(() -> task.getOperator().notifyCheckpointAborted(1))
          .doesNotThrowAnyException();
    }
  }
}
