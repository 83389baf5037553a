package io.gradwatch.broker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaClusterIT {
  private static KafkaCluster kafka;

  @BeforeAll
  static void start() {
    kafka = KafkaCluster.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void readsBackWhatWasSentPartitionByPartition() {
    kafka.createTopic("two", 2);
    kafka.send(List.of(record("two", 0, "a"), record("two", 1, "x"), record("two", 0, "b")));
    assertThat(values("two", IsolationLevel.READ_COMMITTED))
        .containsExactlyInAnyOrder("a", "b", "x")
        .containsSubsequence("a", "b");
  }

  @Test
  void hidesAbortedTransactionsFromReadersOfCommittedRecords() throws Exception {
    kafka.createTopic("transactions", 1);
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "test"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      Future<RecordMetadata> aborted = producer.send(record("transactions", 0, "aborted"));
      producer.flush();
      assertThat(aborted.get().offset()).isZero();
      producer.abortTransaction();
      producer.beginTransaction();
      Future<RecordMetadata> committed = producer.send(record("transactions", 0, "committed"));
      producer.commitTransaction();
      assertThat(committed.get().offset()).isEqualTo(2); // 1 is the mark of the abort
    }
    assertThat(values("transactions", IsolationLevel.READ_UNCOMMITTED))
        .containsExactly("aborted", "committed");
    assertThat(values("transactions", IsolationLevel.READ_COMMITTED)).containsExactly("committed");
  }

  @Test
  void makesNoTopicByItself() throws Exception {
    assertThat(kafka.endOffsets("never-created", IsolationLevel.READ_COMMITTED)).isEmpty();
    try (Admin admin = kafka.admin()) {
      assertThat(admin.listTopics().names().get()).doesNotContain("never-created");
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, int partition, String value) {
    return new ProducerRecord<>(topic, partition, null, value.getBytes(UTF_8));
  }

  private static List<String> values(String topic, IsolationLevel isolation) {
    return kafka.readAll(topic, isolation).stream()
        .map(ConsumerRecord::value)
        .map(value -> new String(value, UTF_8))
        .toList();
  }
}
