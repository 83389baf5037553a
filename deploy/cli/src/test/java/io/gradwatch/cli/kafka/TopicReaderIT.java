package io.gradwatch.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.broker.testing.KafkaCluster;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TopicReaderIT {
  private static final int RECORDS = 10;

  @Test
  void endsWithAnErrorWhenTheBrokerGoesAway() {
    try (KafkaCluster kafka = KafkaCluster.start()) {
      kafka.createTopic("t", 1);
      for (int i = 0; i < RECORDS; i++) {
        kafka.send(List.of(new ProducerRecord<>("t", 0, null, new byte[] {(byte) i})));
      }
      // One batch a fetch: most records are still with the broker when the first one is handed out.
      Map<String, Object> settings =
          Map.of(
              ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
              kafka.bootstrapServers(),
              ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
              1,
              ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
              2_000,
              ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
              2_000);
      AtomicInteger taken = new AtomicInteger();
      try (TopicReader reader = new TopicReader(settings, List.of("t"), true)) {
        var ends = reader.ends();
        assertThatThrownBy(
                () ->
                    reader.readTo(
                        ends,
                        record -> {
                          taken.incrementAndGet();
                          kafka.close();
                        }))
            .isInstanceOf(TimeoutException.class)
            .hasMessage(
                "nothing came for 2000 ms, and the end of the topic is not reached;"
                    + " check that the broker still runs");
      }
      assertThat(taken.get()).isBetween(1, RECORDS - 1);
    }
  }
}
