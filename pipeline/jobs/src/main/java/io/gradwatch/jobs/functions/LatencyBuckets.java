package io.gradwatch.jobs.functions;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * How many alarms came within which time of their event, as the cumulative buckets that Prometheus'
 * {@code histogram_quantile} reads. Flink's histograms know the newest values only, however old
 * these are, so a backlog that was read last week would still be late today; what counters have
 * gained in the last minutes is about the last minutes. Of what comes much later than {@link
 * #LONGEST} the cause is a recording that is replayed, not the pipeline: it is in the last bucket
 * alone.
 */
final class LatencyBuckets {
  /** Metric: openings within the time that the label tells. */
  static final String NAME = "alarmLatencyBucket";

  /** Label with the upper bound of a bucket in seconds, by the name that Prometheus asks for. */
  static final String BOUND = "le";

  /** As long as a router still tells of an alarm. */
  private static final Duration LONGEST = Duration.ofHours(6);

  /** Whole seconds, as Flink's reporter changes points in labels. */
  private static final List<Duration> BOUNDS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          LONGEST);

  /** One more than there are bounds: the last one takes all. */
  private final List<Counter> buckets;

  LatencyBuckets(MetricGroup metrics) {
    buckets =
        Stream.concat(
                BOUNDS.stream().map(bound -> String.valueOf(bound.toSeconds())), Stream.of("Inf"))
            .map(bound -> metrics.addGroup(BOUND, bound).counter(NAME))
            .toList();
  }

  /**
   * Counts one.
   *
   * @param millis from the event to the alarm; negative where the trainer's clock is ahead, which
   *     counts as at once
   */
  void update(long millis) {
    for (int i = buckets.size() - 1; i >= 0; i--) {
      if (i < BOUNDS.size() && millis > BOUNDS.get(i).toMillis()) {
        return;
      }
      buckets.get(i).inc();
    }
  }
}
