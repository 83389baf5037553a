package io.gradwatch.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.broker.testing.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class TopicReaderIT {
  private static final TopicPartition ONLY = new TopicPartition("t", 0);

  @Test
  void givesUpWhereTheRestDoesNotCome() {
    try (KafkaCluster kafka = KafkaCluster.start()) {
      kafka.createTopic("t", 1);
      kafka.send(List.of(new ProducerRecord<>("t", new byte[1], new byte[1])));
      Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
      List<Long> read = new ArrayList<>();
      try (TopicReader patient =
          new TopicReader(settings, List.of("t"), true, KafkaCluster.PATIENCE)) {
        patient.readTo(Map.of(ONLY, 1L), record -> read.add(record.offset()));
      }
      assertThat(read).containsExactly(0L);
      try (TopicReader hasty =
          new TopicReader(settings, List.of("t"), true, Duration.ofSeconds(1))) {
        assertThatThrownBy(() -> hasty.readTo(Map.of(ONLY, 2L), record -> {}))
            .isInstanceOf(TimeoutException.class)
            .hasMessageContaining("{t-0=2}; is a broker away?");
      }
    }
  }
}
