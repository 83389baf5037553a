package io.gradwatch.console.routing.feed;

import java.time.Clock;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * When a router last read. That a poll returns says nothing: without a broker it returns as well,
 * with no record. So a consumer counts as read when it has had an answer since.
 */
public final class LastRead {
  private final List<DoubleSupplier> answers;
  private final Clock clock;
  private final double[] seen;
  private volatile long millis;

  /**
   * @param answers of each consumer: how many it had; a number that has not changed is none
   */
  LastRead(List<DoubleSupplier> answers, Clock clock) {
    this.answers = List.copyOf(answers);
    this.clock = clock;
    this.seen = new double[answers.size()];
  }

  /** After a round in which nothing failed: it was read if each consumer had an answer. */
  void endRound() {
    double[] now = answers.stream().mapToDouble(DoubleSupplier::getAsDouble).toArray();
    for (int i = 0; i < now.length; i++) {
      if (now[i] == seen[i]) {
        return;
      }
    }
    System.arraycopy(now, 0, seen, 0, now.length);
    millis = clock.millis();
  }

  /** Milliseconds since 1970; 0: never. */
  public long millis() {
    return millis;
  }
}
