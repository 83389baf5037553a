package io.gradwatch.broker.testing;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits by looking again and again. */
public final class Await {
  /**
   * Longest wait for anything: the grace that flink-jepsen's healthiness check gives a job after a
   * fault. Not a target, and above any stall of a busy machine.
   */
  public static final Duration LIVENESS = Duration.ofMinutes(3);

  /** Longest wait for a cluster that is new, on a machine that may have much else to do. */
  public static final Duration STARTING = Duration.ofMinutes(10);

  private static final long FIRST_PAUSE_MILLIS = 1;

  /** What is awaited needs the processor more than who looks. */
  private static final long LONGEST_PAUSE_MILLIS = 100;

  private Await() {}

  /** A look at something; what it throws ends the waiting. */
  @FunctionalInterface
  public interface Look<T> {
    T take() throws Exception;
  }

  /**
   * Returns when something is so.
   *
   * @param what is awaited, for the message
   * @throws IllegalStateException when it is not so for {@link #LIVENESS}
   */
  public static void until(String what, Look<Boolean> is) {
    until(what, LIVENESS, is);
  }

  /** The same with a bound of one's own. */
  public static void until(String what, Duration bound, Look<Boolean> is) {
    first(what, bound, () -> is.take() ? Optional.of(true) : Optional.empty());
  }

  /** The first value there is; the rest as {@link #until}. */
  public static <T> T first(String what, Look<Optional<T>> attempt) {
    return first(what, LIVENESS, attempt);
  }

  private static <T> T first(String what, Duration bound, Look<Optional<T>> attempt) {
    long end = System.nanoTime() + bound.toNanos();
    long pauseMillis = FIRST_PAUSE_MILLIS;
    while (true) {
      boolean late = System.nanoTime() > end; // asked first: who looks may be held up as well
      Optional<T> value = look(what, attempt);
      if (value.isPresent()) {
        return value.get();
      }
      if (late) {
        throw new IllegalStateException(
            "waited %d s in vain for %s".formatted(bound.toSeconds(), what));
      }
      pause(Duration.ofMillis(pauseMillis));
      pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
  }

  private static <T> Optional<T> look(String what, Look<Optional<T>> attempt) {
    try {
      return attempt.take();
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    } catch (Exception e) {
      throw new IllegalStateException("cannot look whether there is " + what, e);
    }
  }

  /** Lets time pass, as faults that last do. */
  public static void pause(Duration duration) {
    try {
      TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
