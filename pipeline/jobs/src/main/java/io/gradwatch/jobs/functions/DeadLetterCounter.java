package io.gradwatch.jobs.functions;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Counts refused records by reason; reasons are a fixed few, whatever is sent. */
final class DeadLetterCounter {
  private final MetricGroup metrics;
  private final Map<String, Counter> byReason = new HashMap<>();

  DeadLetterCounter(MetricGroup metrics) {
    this.metrics = metrics;
  }

  /** Counts one. */
  void inc(Enum<?> reason) {
    byReason
        .computeIfAbsent(
            reason.name(), name -> metrics.addGroup("reason", name).counter("deadLetters"))
        .inc();
  }
}
