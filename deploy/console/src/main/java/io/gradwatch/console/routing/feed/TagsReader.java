package io.gradwatch.console.routing.feed;

import io.gradwatch.console.feed.PolledRecords;
import io.gradwatch.console.routing.delivery.RoutingState;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Learns owners and tags of runs from the event topics. Trainers say them every few minutes, so it
 * begins half an hour back. Not safe for use by several threads.
 */
final class TagsReader implements AutoCloseable {
  private static final Duration HISTORY = Duration.ofMinutes(30);
  private static final Duration DISCOVERY = Duration.ofSeconds(30);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final PolledRecords records;
  private final RunStartedPeek peek;
  private final RoutingState state;
  private final Undecodable undecodable;
  private final Set<TopicPartition> partitions = new HashSet<>();
  private Map<TopicPartition, Long> firstEnds = Map.of();
  private long lookedAtNanos;
  private boolean looked;

  TagsReader(Origin origin, RoutingState state, Undecodable undecodable) {
    this.peek = new RunStartedPeek(origin.codec(TrainingEvent.class));
    this.consumer =
        Consumers.of(origin.client(), Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000"));
    this.records = new PolledRecords(consumer);
    this.state = state;
    this.undecodable = undecodable;
  }

  /** Takes what has come. */
  void poll(Duration patience) {
    look();
    if (partitions.isEmpty()) {
      return;
    }
    undecodable.pass(records, consumer.poll(patience), this::take);
  }

  /** Whether all is known that had been said when it began. */
  boolean isCaughtUp() {
    return looked && Consumers.hasReached(consumer, firstEnds);
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws RecordFormatException {
    TrainingEvent event = peek.decode(record.value());
    if (event != null && event.getBody() instanceof RunStarted started) {
      state.take(Topics.project(record.topic()), event.getRunId(), started);
    }
  }

  private void look() {
    long now = System.nanoTime();
    if (looked && now - lookedAtNanos < DISCOVERY.toNanos()) {
      return;
    }
    Set<TopicPartition> found = new HashSet<>();
    consumer
        .listTopics()
        .forEach(
            (topic, infos) -> {
              if (Topics.EVENTS_PATTERN.matcher(topic).matches()) {
                infos.forEach(info -> found.add(new TopicPartition(topic, info.partition())));
              }
            });
    found.removeAll(partitions);
    if (!found.isEmpty()) {
      partitions.addAll(found);
      consumer.assign(partitions);
      begin(found);
    }
    if (!looked) {
      firstEnds = consumer.endOffsets(partitions);
      looked = true;
    }
    lookedAtNanos = now;
  }

  private void begin(Set<TopicPartition> found) {
    long since = System.currentTimeMillis() - HISTORY.toMillis();
    Map<TopicPartition, Long> times = new HashMap<>();
    found.forEach(partition -> times.put(partition, since));
    Map<TopicPartition, @Nullable OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
    for (TopicPartition partition : found) {
      OffsetAndTimestamp start = starts.get(partition);
      if (start == null) {
        consumer.seekToEnd(List.of(partition));
      } else {
        consumer.seek(partition, start.offset());
      }
    }
  }
}
