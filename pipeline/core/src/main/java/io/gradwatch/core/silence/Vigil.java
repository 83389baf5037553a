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
 * say less, as the clocks of trainers are often wrong; their speed seldom is, and where it is, that
 * delays the silence of others for a while only.
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

  /** When the listener began, or stood still last. */
  private long begun;

  /** When records last passed faster than the clock. */
  private long behind;

  /** Begins to listen. */
  public Vigil(long now) {
    begun = now;
    behind = now;
  }

  /** When it last began to listen, or stood still: whatever it heard before says nothing. */
  long begun() {
    return begun;
  }

  /**
   * Since when it has listened to a run without a break.
   *
   * @param heardAt when the run was last heard of
   * @param mostMillis how long one that reads what has piled up is thought not to hear of it: which
   *     run's records pass too fast is the word of that run's clock, and no run is to keep the
   *     listener from the others
   */
  long since(long heardAt, long mostMillis) {
    return Math.max(begun, Math.min(behind, Math.max(begun, heardAt) + mostMillis));
  }

  /** A look that was planned is taken. */
  public void look(long plannedAt, long now) {
    if (now - plannedAt > LATE_MILLIS) {
      begun = Math.max(begun, now);
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
      behind = Math.max(behind, now);
    }
    run.anchorReadAt = now;
    run.anchorTimestamp = timestamp;
  }
}
