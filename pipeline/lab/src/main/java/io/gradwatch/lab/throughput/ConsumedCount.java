package io.gradwatch.lab.throughput;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * How many events the sources of the jobs of this process have handed on, by Flink's own counters.
 */
public final class ConsumedCount implements MetricReporter {
  private static final String COUNTER = "numRecordsIn";
  private static final String OPERATOR = "<operator_name>";

  /** Name of the operator that reads events, in every job that is measured. */
  static final String SOURCE = "Source: events";

  private static final List<Counter> COUNTERS = new CopyOnWriteArrayList<>();

  private ConsumedCount() {}

  /** Forgets the jobs before. */
  static void reset() {
    COUNTERS.clear();
  }

  static long now() {
    return COUNTERS.stream().mapToLong(Counter::getCount).sum();
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (metric instanceof Counter counter
        && name.equals(COUNTER)
        && SOURCE.equals(group.getAllVariables().get(OPERATOR))) {
      COUNTERS.add(counter);
    }
  }

  /** Counters are read after their task has ended, too. */
  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}

  /** How Flink finds it, by {@code META-INF/services}. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(java.util.Properties properties) {
      return new ConsumedCount();
    }
  }
}
