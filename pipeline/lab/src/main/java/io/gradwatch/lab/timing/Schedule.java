package io.gradwatch.lab.timing;

import java.util.concurrent.TimeUnit;

/**
 * When things are due that come at a fixed rate. It never waits for who is late: what is overdue is
 * due at once, so that a stall shows in everything it held up (no coordinated omission).
 *
 * @param startNanos when the first is due, on the clock of nanoTime
 * @param perSecond above 0
 */
public record Schedule(long startNanos, double perSecond) {
  public Schedule {
    if (!(perSecond > 0 && perSecond < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rate is " + perSecond + " a second, must be above 0");
    }
  }

  /** When the nth is due, counted from 0. */
  public long due(long n) {
    return startNanos + Math.round(n * (TimeUnit.SECONDS.toNanos(1) / perSecond));
  }

  /** How many are due by then, of all there will ever be. */
  public long dueBy(long nanos) {
    return nanos < startNanos
        ? 0
        : (long) Math.floor((nanos - startNanos) * (perSecond / TimeUnit.SECONDS.toNanos(1))) + 1;
  }
}
