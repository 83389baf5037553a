package io.gradwatch.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.jobs.options.JobOptions;
import java.util.Map;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.junit.jupiter.api.Test;

class KafkaEndsTest {
  @Test
  void statisticsThatWaitForCommitsDoNotWaitForOneThatCannotSucceed() {
    assertThat(ends("exactly-once").statistics()).isInstanceOf(ExactlyOnceSink.class);
    assertThat(ends("at-least-once").statistics()).isInstanceOf(KafkaSink.class);
  }

  private static KafkaEnds ends(String guarantee) {
    return new KafkaEnds(
        JobOptions.of(
            Map.of(
                JobOptions.BOOTSTRAP_SERVERS.name(),
                "localhost:9092",
                JobOptions.STATISTICS_GUARANTEE.name(),
                guarantee)));
  }
}
