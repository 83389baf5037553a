package io.gradwatch.jobs.functions;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.monitor.Findings;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of what is found. None has a run or a layer for a label: there are as many series as
 * there are kinds of things, whatever the size of the fleet.
 */
final class FindingsMetrics {
  /** Values that a histogram rests on. */
  private static final int WINDOW = 1000;

  private final MetricGroup metrics;
  private final Map<AlarmKind, Map<Severity, Counter>> opened = new EnumMap<>(AlarmKind.class);
  private final Counter ofOldAttempts;
  private final Counter repeated;
  private final Counter late;
  private final Counter adviceChanges;
  private final Counter overRate;
  private final Histogram latency;
  private final LatencyBuckets latencyBuckets;

  FindingsMetrics(MetricGroup metrics) {
    this.metrics = metrics;
    ofOldAttempts = metrics.counter("eventsOfOldAttempts");
    repeated = metrics.counter("eventsRepeated");
    late = metrics.counter("eventsLate");
    adviceChanges = metrics.counter("adviceChanges");
    overRate = metrics.counter("warningsOverRate");
    latency = metrics.histogram("alarmLatencyMillis", histogram());
    latencyBuckets = new LatencyBuckets(metrics);
  }

  /** A histogram of the newest values. */
  static Histogram histogram() {
    return new DescriptiveStatisticsHistogram(WINDOW);
  }

  /** Notes what an event led to. */
  void note(Findings findings) {
    if (findings.isOfOldAttempt()) {
      ofOldAttempts.inc();
    }
    if (findings.isLate()) {
      late.inc();
    }
    if (findings.repeated() > 0) {
      repeated.inc(findings.repeated());
    }
    adviceChanges.inc(findings.recommendations().size());
  }

  /** Notes a record of an alarm that is written. */
  void note(Alarm alarm, Occasion occasion) {
    if (alarm.state() != AlarmState.OPEN) {
      return;
    }
    opened
        .computeIfAbsent(alarm.kind(), kind -> new EnumMap<>(Severity.class))
        .computeIfAbsent(
            alarm.severity(),
            severity ->
                metrics
                    .addGroup("kind", alarm.kind().name())
                    .addGroup("severity", severity.name())
                    .counter("alarmsOpened"))
        .inc();
    @Nullable Long timestamp = occasion.timestamp();
    if (timestamp != null) {
      long millis = occasion.now() - timestamp;
      latency.update(millis);
      latencyBuckets.update(millis);
    }
  }

  /** Notes a warning that was dropped. */
  void noteOverRate() {
    overRate.inc();
  }
}
