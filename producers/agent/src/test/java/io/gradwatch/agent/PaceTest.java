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
  private final Pace pace = pace(true);

  @Test
  void waitsUntilEachStepIsDueAndCatchesUpWhenLate() throws Exception {
    assertThat(pace.await(1_000, 0, 0)).isZero();
    assertThat(pace.await(1_000, 0, 1)).isZero();
    assertThat(pace.await(1_000, 1, 2)).isZero();
    clock.addAndGet(250); // 1,350: steps 2 and 3 are late
    assertThat(pace.await(1_000, 2, 3)).isEqualTo(150);
    assertThat(pace.await(1_000, 3, 4)).isEqualTo(50);
    assertThat(pace.await(1_000, 4, 5)).isZero();

    assertThat(waits).containsExactly(100L, 50L);
  }

  @Test
  void spreadsTheStepsOfAllRunsEvenly() throws Exception {
    Pace spread = pace(false);

    for (int turn = 0; turn < 5; turn++) {
      spread.await(1_000, turn / 3, turn);
    }

    assertThat(waits).containsExactly(100L, 100L, 100L, 100L);
  }

  @Test
  void noticesAnInterruptAlsoWhenItDoesNotWait() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> Pace.unlimited().await(0, 0, 0));
  }

  @Test
  void refusesPacesThatCannotBe() {
    for (double steps : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Pace.stepsPerSecond(steps))
          .withMessage("steps per second are " + steps + ", must be above 0 and finite");
    }
  }

  private Pace pace(boolean ofEachRun) {
    return new Pace(
        100,
        ofEachRun,
        clock::get,
        nanos -> {
          waits.add(nanos);
          clock.addAndGet(nanos);
        });
  }
}
