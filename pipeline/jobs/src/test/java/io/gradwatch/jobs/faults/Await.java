package io.gradwatch.jobs.faults;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits by looking again and again. */
final class Await {
  /**
   * Longest wait for anything: the grace that flink-jepsen's healthiness check gives a job after a
   * fault. Not a target; see the README for what recovery takes.
   */
  static final Duration LIVENESS = Duration.ofMinutes(3);

  /** Longest wait for a cluster that is new, on a machine that may have much else to do. */
  static final Duration STARTING = Duration.ofMinutes(10);

  private static final long PAUSE_MILLIS = 100;

  private Await() {}

  /**
   * Returns when something is so.
   *
   * @param what is awaited, for the message
   * @throws IllegalStateException when it is not so for {@link #LIVENESS}
   */
  static void until(String what, BooleanSupplier is) {
    until(what, LIVENESS, is);
  }

  /** The same with a bound of one's own. */
  static void until(String what, Duration bound, BooleanSupplier is) {
    first(what, bound, () -> is.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /** The first value there is; the rest as {@link #until}. */
  static <T> T first(String what, Supplier<Optional<T>> attempt) {
    return first(what, LIVENESS, attempt);
  }

  private static <T> T first(String what, Duration bound, Supplier<Optional<T>> attempt) {
    long end = System.nanoTime() + bound.toNanos();
    while (true) {
      Optional<T> value = attempt.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "waited %d s in vain for %s".formatted(bound.toSeconds(), what));
      }
      pause(Duration.ofMillis(PAUSE_MILLIS));
    }
  }

  /** Lets time pass, as faults that last do. */
  static void pause(Duration duration) {
    try {
      TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
