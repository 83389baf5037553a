package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.notice.Outcome;
import java.util.EnumMap;
import java.util.Map;

/** What became of the requests to one target. Safe for use by several threads. */
public final class TargetTally {
  private final Map<Outcome.Kind, Long> requests = new EnumMap<>(Outcome.Kind.class);
  private long alarms;
  private long lastSuccessMillis;

  synchronized void count(Outcome outcome, int notices, long now) {
    requests.merge(outcome.kind(), 1L, Long::sum);
    if (outcome.isDelivered()) {
      alarms += notices;
      lastSuccessMillis = now;
    }
  }

  /** Requests that ended so. */
  public synchronized long requests(Outcome.Kind kind) {
    return requests.getOrDefault(kind, 0L);
  }

  /** Alarms that were told, each time. */
  public synchronized long alarms() {
    return alarms;
  }

  /** When a request was last taken, milliseconds since 1970-01-01 UTC; 0: never. */
  public synchronized long lastSuccessMillis() {
    return lastSuccessMillis;
  }
}
