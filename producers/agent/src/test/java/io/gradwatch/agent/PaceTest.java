package io.gradwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final AtomicLong clock = new AtomicLong(1_000);
  private final List<Long> waits = new ArrayList<>();
  private final Pace pace =
      new Pace(
          100,
          clock::get,
          nanos -> {
            waits.add(nanos);
            clock.addAndGet(nanos);
          });

  @Test
  void waitsUntilEachStepIsDueAndCatchesUpWhenLate() throws Exception {
    pace.await(1_000, 0);
    pace.await(1_000, 1);
    clock.addAndGet(250); // 1,350: steps 2 and 3 are late
    pace.await(1_000, 2);
    pace.await(1_000, 3);
    pace.await(1_000, 4);

    assertThat(waits).containsExactly(100L, 50L);
  }

  @Test
  void noticesAnInterruptAlsoWhenItDoesNotWait() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> Pace.unlimited().await(0, 0));
  }

  @Test
  void refusesPacesThatCannotBe() {
    for (double steps : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Pace.stepsPerSecond(steps))
          .withMessage("steps per second are " + steps + ", must be above 0 and finite");
    }
  }
}
