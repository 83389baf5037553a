package io.gradwatch.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The reader thread: reads the run's partition of the recommendations topic from its beginning and
 * stays. Whatever fails, it connects again after a while.
 */
final class AdviceReader implements Runnable {
  private static final Duration POLL = Duration.ofMillis(200);
  private final String topic;
  private final byte[] key;
  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final Duration reconnect;
  private final NewestAdvice advice;
  private final SparseLog log;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch atEnd = new CountDownLatch(1);

  AdviceReader(
      String topic,
      String runId,
      Supplier<Consumer<byte[], byte[]>> connect,
      Duration reconnect,
      NewestAdvice advice,
      SparseLog log) {
    this.topic = topic;
    this.key = runId.getBytes(StandardCharsets.UTF_8);
    this.connect = connect;
    this.reconnect = reconnect;
    this.advice = advice;
    this.log = log;
  }

  /** True once everything that was in the topic at the beginning has been read. */
  boolean readToEnd() {
    return atEnd.getCount() == 0;
  }

  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return atEnd.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  boolean stopped() {
    return closing.getCount() == 0;
  }

  void stop() {
    closing.countDown();
  }

  @Override
  public void run() {
    try {
      do {
        try (Consumer<byte[], byte[]> consumer = connect.get()) {
          TopicPartition partition = partition(consumer);
          if (partition != null) {
            read(consumer, partition);
          }
        } catch (RuntimeException e) { // Kafka's, or of a class plugged into its client
          log.warn(
              "cannot read recommendations", "trying again in " + reconnect.toSeconds() + " s", e);
        }
      } while (!closing.await(reconnect.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      return; // the advisor closes
    }
  }

  /** The partition into which Kafka's default partitioner puts the run; null without a topic. */
  private @Nullable TopicPartition partition(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      log.warn("no recommendations", "there is no topic " + topic + " yet", null);
      return null;
    }
    return new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % partitions.size());
  }

  private void read(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    while (closing.getCount() > 0) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (Arrays.equals(key, record.key())) {
          advice.accept(record.value());
        }
      }
      if (consumer.position(partition) >= end) {
        atEnd.countDown();
      }
    }
  }
}
