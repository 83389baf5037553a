package io.gradwatch.jobs.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyBucketsTest {
  /** Counters by the group they were asked of. */
  private final Map<String, Counter> counters = new LinkedHashMap<>();

  private final LatencyBuckets buckets = new LatencyBuckets(new Named(""));

  /** A group that keeps what is registered, under the label it was made with. */
  private final class Named extends UnregisteredMetricsGroup {
    private final String label;

    Named(String label) {
      this.label = label;
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
      return new Named(key + "=" + value);
    }

    @Override
    public Counter counter(String name) {
      assertThat(name).isEqualTo(LatencyBuckets.NAME);
      return counters.computeIfAbsent(label, unused -> new SimpleCounter());
    }
  }

  @Test
  void beginAtZeroSoThatTheFirstAlarmCountsInARate() {
    assertThat(counters.keySet())
        .containsExactly(
            "le=1",
            "le=2",
            "le=5",
            "le=10",
            "le=30",
            "le=60",
            "le=300",
            "le=1800",
            "le=21600",
            "le=Inf");
    assertThat(counters.values()).allMatch(counter -> counter.getCount() == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "-5000, le=1",
    "0, le=1",
    "1000, le=1",
    "1001, le=2",
    "60000, le=60",
    "60001, le=300",
    "21600000, le=21600",
    "21600001, le=Inf",
    "9223372036854775807, le=Inf"
  })
  void countInTheLeastBoundThatHoldsAndAllAbove(long millis, String least) {
    buckets.update(millis);
    String reached =
        counters.entrySet().stream()
            .dropWhile(entry -> !entry.getKey().equals(least))
            .map(entry -> entry.getKey() + ":" + entry.getValue().getCount())
            .collect(Collectors.joining(" "));
    assertThat(reached).isNotEmpty().doesNotContain(":0");
    assertThat(counters.values().stream().mapToLong(Counter::getCount).sum())
        .isEqualTo(reached.split(" ").length);
  }
}
