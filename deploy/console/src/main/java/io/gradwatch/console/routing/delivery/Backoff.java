package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.notice.Outcome;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a target that took nothing is left alone: twice as long each time, half of it by chance,
 * so that routers do not come back all at once.
 */
final class Backoff {
  private static final long FIRST_MILLIS = 1_000;

  /** Where somebody has to mend something first. */
  private static final long FIRST_REFUSED_MILLIS = 30_000;

  private static final long LONGEST_MILLIS = Duration.ofMinutes(5).toMillis();
  private static final int MOST_DOUBLINGS = 20;

  private final RandomGenerator random;
  private int failures;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** A request was taken. */
  void reset() {
    failures = 0;
  }

  /** Requests in a row that were not taken. */
  int failures() {
    return failures;
  }

  /** A request was not taken: how long to wait, milliseconds; at least what the target asks for. */
  long failed(Outcome outcome) {
    long first = outcome.kind() == Outcome.Kind.REFUSED ? FIRST_REFUSED_MILLIS : FIRST_MILLIS;
    long whole = Math.min(LONGEST_MILLIS, first << Math.min(failures, MOST_DOUBLINGS));
    failures++;
    long wait = whole / 2 + random.nextLong(whole / 2 + 1);
    Duration asked = outcome.retryAfter();
    return asked == null ? wait : Math.max(wait, asked.toMillis());
  }
}
