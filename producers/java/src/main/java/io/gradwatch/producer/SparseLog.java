package io.gradwatch.producer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Warns at the first event of a kind, then at most once a minute with the number of those passed
 * over: a training's log is not ours to fill.
 */
final class SparseLog {
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Logger log;
  private final LongSupplier nanoTime;
  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

  SparseLog(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  /**
   * @param kind one of a few constants
   */
  void warn(String kind, String message, @Nullable Throwable cause) {
    long passedOver = kinds.computeIfAbsent(kind, k -> new Kind()).due(nanoTime.getAsLong());
    if (passedOver == Kind.NOT_DUE) {
      return;
    }
    String because = cause == null ? "" : ": " + cause;
    String more = passedOver == 0 ? "" : " (and " + passedOver + " times since the last warning)";
    log.warn("{}: {}{}{}", kind, message, because, more);
  }

  /** When one kind was last logged. */
  private static final class Kind {
    static final long NOT_DUE = -1;

    private boolean logged;
    private long lastNanos;
    private long passedOver;

    synchronized long due(long now) {
      if (logged && now - lastNanos < QUIET_NANOS) {
        passedOver++;
        return NOT_DUE;
      }
      long result = passedOver;
      logged = true;
      lastNanos = now;
      passedOver = 0;
      return result;
    }
  }
}
