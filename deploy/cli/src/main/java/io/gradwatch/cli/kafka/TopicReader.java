package io.gradwatch.cli.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads some topics, all partitions, outside of any consumer group, committed records only. Not
 * safe for use by several threads.
 */
public final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);

  /** Longest time without any progress towards an end, as when a broker goes away. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Duration patience;
  private long place = -1;
  private long placeReachedNanos;
  private final Set<TopicPartition> partitions = new TreeSet<>(TopicReader::compare);

  /**
   * @param settings how to reach Kafka
   * @param topics topics to read
   * @param fromBeginning whether to read what is there already
   * @throws IllegalArgumentException when a topic is not there
   */
  public TopicReader(Map<String, Object> settings, List<String> topics, boolean fromBeginning) {
    this(settings, topics, fromBeginning, PATIENCE);
  }

  TopicReader(
      Map<String, Object> settings, List<String> topics, boolean fromBeginning, Duration patience) {
    this.patience = patience;
    Map<String, Object> ours = new HashMap<>(settings);
    ours.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    ours.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    ours.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    ours.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer = new KafkaConsumer<>(ours, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    boolean complete = false;
    try {
      for (String topic : topics) {
        var found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
          throw new IllegalArgumentException("there is no topic " + topic);
        }
        found.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
      }
      consumer.assign(partitions);
      if (fromBeginning) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
      }
      complete = true;
    } finally {
      if (!complete) {
        consumer.close();
      }
    }
  }

  /** Records that have come, partition by partition; waits for the first of them. */
  public Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration patience) {
    return consumer.poll(patience);
  }

  /**
   * Hands out everything before these ends, partition by partition.
   *
   * @param ends as {@link #ends} told them
   * @throws TimeoutException when half a minute brings nothing
   */
  public void readTo(
      Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
    while (!hasReached(ends)) {
      for (ConsumerRecord<byte[], byte[]> record : poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.getOrDefault(partition, 0L)) {
          taker.accept(record);
        }
      }
    }
  }

  /** Where the committed records end now. */
  public Map<TopicPartition, Long> ends() {
    return consumer.endOffsets(partitions);
  }

  /**
   * True when everything before these ends has been handed out. To be asked after every poll.
   *
   * @throws TimeoutException when it has been asked for half a minute and nothing came
   */
  public boolean hasReached(Map<TopicPartition, Long> ends) {
    boolean reached = true;
    long now = System.nanoTime();
    long sum = 0;
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      long position = consumer.position(end.getKey());
      reached &= position >= end.getValue();
      sum += position;
    }
    if (sum != place) {
      place = sum;
      placeReachedNanos = now;
    } else if (!reached && now - placeReachedNanos > patience.toNanos()) {
      throw new TimeoutException(
          "nothing more came for %s of what lies before %s; is a broker away?"
              .formatted(patience, ends));
    }
    return reached;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static int compare(TopicPartition one, TopicPartition other) {
    int byTopic = one.topic().compareTo(other.topic());
    return byTopic != 0 ? byTopic : Integer.compare(one.partition(), other.partition());
  }
}
