package io.gradwatch.console.server;

import java.time.Duration;

/**
 * How much and how often listeners are told.
 *
 * @param mostListeners listeners at once, 1 or more; one more is refused
 * @param interval between two looks at what changed
 * @param quietIntervals after so many without news a comment says that the stream still stands
 */
record StreamLimits(int mostListeners, Duration interval, int quietIntervals) {
  /** Those of a console: what is between it and a browser cuts streams of a minute's silence. */
  static StreamLimits standard() {
    return new StreamLimits(200, Duration.ofSeconds(1), 15);
  }
}
