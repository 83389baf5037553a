package io.gradwatch.producer;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of events; for use by several threads. */
final class Counters {
  final LongAdder accepted = new LongAdder();
  final LongAdder published = new LongAdder();
  final LongAdder failed = new LongAdder();
  private final Map<DropCause, LongAdder> dropped = new EnumMap<>(DropCause.class);

  Counters() {
    for (DropCause cause : DropCause.values()) {
      dropped.put(cause, new LongAdder());
    }
  }

  void drop(DropCause cause, long events) {
    LongAdder adder = dropped.get(cause);
    if (adder != null) {
      adder.add(events);
    }
  }

  PublisherStats snapshot(int queued) {
    Map<DropCause, Long> drops = new EnumMap<>(DropCause.class);
    dropped.forEach((cause, count) -> drops.put(cause, count.sum()));
    return new PublisherStats(accepted.sum(), published.sum(), failed.sum(), drops, queued);
  }
}
