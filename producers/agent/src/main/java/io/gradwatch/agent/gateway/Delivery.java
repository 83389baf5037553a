package io.gradwatch.agent.gateway;

import io.gradwatch.producer.DropCause;
import io.gradwatch.producer.PublisherStats;

/**
 * Whether Kafka takes the events of a project, told by what became of them: they are on their way,
 * or wait too long, or the last ones that anything became of were lost.
 */
final class Delivery {
  private final long patienceNanos;
  private long goodNanos;
  private long published;
  private long failed;
  private boolean losing;
  private long waiting;

  /**
   * @param patienceNanos how long events may wait without any being published
   * @param nowNanos on the clock of all calls
   */
  Delivery(long patienceNanos, long nowNanos) {
    this.patienceNanos = patienceNanos;
    this.goodNanos = nowNanos;
  }

  /**
   * Looks at what became of the events; to be called before each event as well, so that a time
   * without events counts for nothing.
   */
  void look(PublisherStats stats, long nowNanos) {
    if (stats.published() > published) {
      losing = false;
    } else if (stats.failed() > failed) {
      losing = true;
    }
    waiting =
        stats.accepted()
            - stats.published()
            - stats.failed()
            - stats.dropped(DropCause.INVALID)
            - stats.dropped(DropCause.CLOSED);
    if (stats.published() > published || waiting <= 0) {
      goodNanos = nowNanos;
    }
    published = stats.published();
    failed = stats.failed();
  }

  /** As of the last look. */
  boolean works(long nowNanos) {
    return !losing && (waiting <= 0 || nowNanos - goodNanos < patienceNanos);
  }
}
