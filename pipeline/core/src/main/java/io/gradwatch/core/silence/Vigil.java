package io.gradwatch.core.silence;

import io.gradwatch.core.signal.RunEvent;

/**
 * Since when one listener has listened without a break. Silence counts from then on only: a run
 * cannot be blamed for what its listener missed, and after a break all of them would be silent at
 * once.
 *
 * <p>It breaks off in three ways. The listener starts or is restored. It stands still (the process
 * is stopped, the machine sleeps, what comes after it takes nothing): looks that were planned come
 * late then. Or it reads what has piled up, and some runs' records lie behind those of others: then
 * the timestamps of records pass much faster than the clock. Their distance from the clock would
 * say less, as the clocks of trainers may be wrong; their speed is not.
 */
public final class Vigil {
  /** How late a look may come; timers of a busy task come seconds late. */
  static final long LATE_MILLIS = 30_000;

  /** Over how much time the speed of records is taken, so that one batch of them says nothing. */
  static final long SPEED_OVER_MILLIS = 10_000;

  /** How many times faster than the clock records pass where they had piled up. */
  static final long SPEED = 2;

  /** What they may gain on top: publishers keep records back for a while and send them together. */
  static final long GAIN_MILLIS = 60_000;

  private long since;

  /** Begins to listen. */
  public Vigil(long now) {
    since = now;
  }

  /** When it last began to listen without a break. */
  public long since() {
    return since;
  }

  /** A look that was planned is taken. */
  public void look(long plannedAt, long now) {
    if (now - plannedAt > LATE_MILLIS) {
      since = Math.max(since, now);
    }
  }

  /**
   * A record of a run is read. Only what speaks for the run counts: the clocks of ranks differ.
   *
   * @param timestamp the record's own
   */
  public void read(Reporting run, RunEvent event, long timestamp, long now) {
    if (!Reporting.speaksForRun(event)) {
      return;
    }
    long elapsed = now - run.anchorReadAt;
    if (run.anchorReadAt != 0 && elapsed >= 0 && elapsed < SPEED_OVER_MILLIS) {
      return;
    }
    if (run.anchorReadAt != 0
        && elapsed >= 0
        && timestamp - run.anchorTimestamp > SPEED * elapsed + GAIN_MILLIS) {
      since = Math.max(since, now);
    }
    run.anchorReadAt = now;
    run.anchorTimestamp = timestamp;
  }
}
