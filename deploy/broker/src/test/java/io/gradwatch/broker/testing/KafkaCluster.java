package io.gradwatch.broker.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A Kafka for an integration test: one broker without topics, that makes none by itself. Which one
 * is the build's choice, by the system properties {@value #KIND_PROPERTY} and {@value
 * #IMAGE_PROPERTY}.
 */
public interface KafkaCluster extends AutoCloseable {
  /** {@code embedded} (default) or {@code testcontainers}. */
  String KIND_PROPERTY = "gradwatch.test.kafka";

  /** Image of {@code testcontainers}. */
  String IMAGE_PROPERTY = "gradwatch.test.kafka.image";

  /** Longest wait for anything asked of the broker. */
  Duration PATIENCE = Await.LIVENESS;

  /**
   * Starts the Kafka of this build. Where it asks for a container and there is no engine, this
   * fails.
   */
  static KafkaCluster start() {
    String kind = System.getProperty(KIND_PROPERTY, "embedded");
    return switch (kind) {
      case "embedded" -> EmbeddedKafka.start();
      case "testcontainers" ->
          ContainerKafka.start(System.getProperty(IMAGE_PROPERTY, "apache/kafka:4.3.1"));
      default ->
          throw new IllegalArgumentException(
              KIND_PROPERTY + " is '" + kind + "', must be embedded or testcontainers");
    };
  }

  /** Host and port, as clients want it in {@code bootstrap.servers}. */
  String bootstrapServers();

  @Override
  void close();

  /** An administrator's client; the caller closes it. */
  default Admin admin() {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers(),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            (int) PATIENCE.toMillis()));
  }

  /** Creates a topic that keeps everything. */
  default void createTopic(String name, int partitions) {
    createTopics(List.of(new NewTopic(name, partitions, (short) 1)));
  }

  /** Creates topics and returns when they can be written. */
  default void createTopics(Collection<NewTopic> topics) {
    List<TopicPartition> created = new ArrayList<>();
    try (Admin admin = admin()) {
      CreateTopicsResult result = admin.createTopics(topics);
      for (NewTopic topic : topics) {
        int partitions = await(result.numPartitions(topic.name()));
        for (int partition = 0; partition < partitions; partition++) {
          created.add(new TopicPartition(topic.name(), partition));
        }
      }
    }
    // A topic is made before every broker knows of it. A consumer, unlike an administrator, asks
    // until the leaders answer.
    try (var consumer = consumer(IsolationLevel.READ_UNCOMMITTED)) {
      consumer.endOffsets(created, PATIENCE);
    }
  }

  /** Deletes topics and returns when the broker no longer tells of them. */
  default void deleteTopics(Collection<String> names) {
    try (Admin admin = admin()) {
      await(admin.deleteTopics(names).all());
      Await.until(
          "the end of " + names,
          () -> Collections.disjoint(admin.listTopics().names().get(), names));
    }
  }

  /** Sends records in the order of the list within each partition; returns when all are there. */
  default void send(List<ProducerRecord<byte[], byte[]>> records) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers(),
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            8 << 20,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            (int) PATIENCE.toMillis(),
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            (int) PATIENCE.toMillis());
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      records.forEach(record -> sent.add(producer.send(record)));
      producer.flush();
    }
    sent.forEach(KafkaCluster::await);
  }

  /**
   * Everything that is in a topic now, partition by partition; with {@code READ_COMMITTED} up to
   * the first record of a transaction that is still open.
   */
  default List<ConsumerRecord<byte[], byte[]>> readAll(String topic, IsolationLevel isolation) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer = consumer(isolation)) {
      Map<TopicPartition, Long> ends = endOffsets(consumer, topic);
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey(), PATIENCE) < end.getValue())) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("cannot read %s to %s".formatted(topic, ends));
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (record.offset() < ends.get(new TopicPartition(topic, record.partition()))) {
            records.add(record);
          }
        }
      }
    }
    records.sort(
        Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(ConsumerRecord::partition)
            .thenComparingLong(ConsumerRecord::offset));
    return records;
  }

  /**
   * Reads a topic from its beginning, and on as it grows, until what was read is enough.
   *
   * @param enough asked after every batch, with all that was read so far
   */
  default List<ConsumerRecord<byte[], byte[]>> readUntil(
      String topic,
      IsolationLevel isolation,
      Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer = consumer(isolation)) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!enough.test(records)) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "%s has %d records, and they are not enough".formatted(topic, records.size()));
        }
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** Where each partition of a topic ends now for a reader of this isolation. */
  default Map<TopicPartition, Long> endOffsets(String topic, IsolationLevel isolation) {
    try (var consumer = consumer(isolation)) {
      return endOffsets(consumer, topic);
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(IsolationLevel isolation) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            isolation.toString(),
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            "false",
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            (int) PATIENCE.toMillis()),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static Map<TopicPartition, Long> endOffsets(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    return consumer.endOffsets(partitions(consumer, topic), PATIENCE);
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic, PATIENCE).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the broker refused or did not answer", e);
    }
  }
}
