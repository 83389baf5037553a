package io.gradwatch.agent;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When each step is due. One that is late catches up without waiting: what is due does not depend
 * on how fast anybody is (an open loop).
 */
public final class Pace {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Waits a number of nanoseconds. */
  interface Waiting {
    void await(long nanos) throws InterruptedException;
  }

  private final double nanosPerStep;
  private final boolean ofEachRun;
  private final LongSupplier nanoTime;
  private final Waiting waiting;

  Pace(double nanosPerStep, boolean ofEachRun, LongSupplier nanoTime, Waiting waiting) {
    this.nanosPerStep = nanosPerStep;
    this.ofEachRun = ofEachRun;
    this.nanoTime = nanoTime;
    this.waiting = waiting;
  }

  /** As fast as it goes. */
  public static Pace unlimited() {
    return new Pace(0, true, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /**
   * Steps of each run per second; those of all runs are due together.
   *
   * @param steps above 0 and finite
   */
  public static Pace stepsPerSecond(double steps) {
    return of(steps, true);
  }

  /**
   * Steps of all runs together per second, evenly spread: one run's after the other's.
   *
   * @param steps above 0 and finite
   */
  public static Pace stepsPerSecondInAll(double steps) {
    return of(steps, false);
  }

  private static Pace of(double steps, boolean ofEachRun) {
    if (!(steps > 0 && steps < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "steps per second are " + steps + ", must be above 0 and finite");
    }
    return new Pace(NANOS / steps, ofEachRun, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /** Whether the pace is that of each run, not of all together. */
  boolean isOfEachRun() {
    return ofEachRun;
  }

  /** The clock in nanoseconds, from any origin. */
  long now() {
    return nanoTime.getAsLong();
  }

  /**
   * Waits until a step is due.
   *
   * @param start when the first was due, on the clock of {@link #now}
   * @param round how many steps of its run went before
   * @param turn how many steps of all runs went before
   * @return how late it is in ns, 0 where it is not
   */
  long await(long start, long round, long turn) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (nanosPerStep == 0) {
      return 0;
    }
    long left = start + (long) ((ofEachRun ? round : turn) * nanosPerStep) - now();
    if (left > 0) {
      waiting.await(left);
    }
    return Math.max(0, -left);
  }
}
