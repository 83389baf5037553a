package io.gradwatch.console.model;

import org.jspecify.annotations.Nullable;

/** Steps a second by the trainer's clock, over the last half to one minute of it. */
final class Pace {
  private static final long WINDOW_MS = 30_000;

  private long olderAt;
  private long olderStep;
  private long newerAt;
  private long newerStep;
  private long lastAt;
  private long lastStep;
  private boolean begun;

  void heard(long step, long emittedAt) {
    if (!begun || step < lastStep || emittedAt < lastAt) {
      begun = true;
      olderAt = newerAt = emittedAt;
      olderStep = newerStep = step;
    } else if (emittedAt - newerAt > WINDOW_MS) {
      olderAt = newerAt;
      olderStep = newerStep;
      newerAt = emittedAt;
      newerStep = step;
    }
    lastAt = emittedAt;
    lastStep = step;
  }

  /** Null before time has passed. */
  @Nullable Double perSecond() {
    return lastAt > olderAt && lastStep > olderStep
        ? (lastStep - olderStep) * 1000.0 / (lastAt - olderAt)
        : null;
  }
}
