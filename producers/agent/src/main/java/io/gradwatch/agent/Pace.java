package io.gradwatch.agent;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When each step of a replay is due. One that is late catches up without waiting. */
public final class Pace {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Waits a number of nanoseconds. */
  interface Waiting {
    void await(long nanos) throws InterruptedException;
  }

  private final double nanosPerStep;
  private final LongSupplier nanoTime;
  private final Waiting waiting;

  Pace(double nanosPerStep, LongSupplier nanoTime, Waiting waiting) {
    this.nanosPerStep = nanosPerStep;
    this.nanoTime = nanoTime;
    this.waiting = waiting;
  }

  /** As fast as it goes. */
  public static Pace unlimited() {
    return new Pace(0, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /**
   * Steps of each run per second.
   *
   * @param steps above 0 and finite
   */
  public static Pace stepsPerSecond(double steps) {
    if (!(steps > 0 && steps < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "steps per second are " + steps + ", must be above 0 and finite");
    }
    return new Pace(NANOS / steps, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /** The clock in nanoseconds, from any origin. */
  long now() {
    return nanoTime.getAsLong();
  }

  /**
   * Waits until a step is due.
   *
   * @param start when the replay began, on the clock of {@link #now}
   * @param step how many steps of each run went before
   */
  void await(long start, long step) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    long left = start + (long) (step * nanosPerStep) - now();
    if (nanosPerStep > 0 && left > 0) {
      waiting.await(left);
    }
  }
}
