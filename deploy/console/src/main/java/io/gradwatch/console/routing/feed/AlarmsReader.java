package io.gradwatch.console.routing.feed;

import io.gradwatch.console.feed.PolledRecords;
import io.gradwatch.console.routing.delivery.RoutingState;
import io.gradwatch.console.routing.notice.RoutedAlarm;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.record.TimestampType;

/**
 * Reads the alarms of the partitions that the group gives this router, each from its beginning, as
 * an alarm may be open for weeks. The offsets it commits say how far everything was told: the lag
 * of the group is what was not. Not safe for use by several threads.
 *
 * <p>How old an alarm is: one that comes while the router reads came when it came, whatever the
 * trainer's clock says. Of those that were there before, the broker's clock counts where the topic
 * has it (LogAppendTime), else the trainer's.
 */
final class AlarmsReader implements ConsumerRebalanceListener, AutoCloseable {
  private static final int SESSION_TIMEOUT_MS = 15_000;
  private static final long REVOKE_PATIENCE_MS = 20_000;

  private final RecordCodec<DivergenceAlarm> codec;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final PolledRecords records;
  private final RoutingState state;
  private final Undecodable undecodable;
  private final Clock clock;
  private final boolean commits;
  private final Supplier<Boolean> isJournalComplete;
  private final Set<TopicPartition> fresh = new HashSet<>();
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final Set<TopicPartition> ready = new HashSet<>();

  AlarmsReader(
      Origin origin,
      String group,
      boolean commits,
      RoutingState state,
      Undecodable undecodable,
      Supplier<Boolean> isJournalComplete,
      Clock clock) {
    this.codec = origin.codec(DivergenceAlarm.class);
    this.consumer =
        Consumers.of(
            origin.client(),
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                SESSION_TIMEOUT_MS,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName()));
    this.records = new PolledRecords(consumer);
    this.commits = commits;
    this.state = state;
    this.undecodable = undecodable;
    this.isJournalComplete = isJournalComplete;
    this.clock = clock;
    consumer.subscribe(Topics.ALARMS_PATTERN, this);
  }

  /** Takes what has come. */
  void poll(Duration patience) {
    undecodable.pass(records, consumer.poll(patience), this::take);
  }

  /**
   * How many answers it had, of brokers or, while the group gives it no partition, of the group.
   */
  double answers() {
    return consumer.assignment().isEmpty()
        ? Consumers.heartbeats(consumer)
        : Consumers.fetches(consumer);
  }

  /** Whether an alarm waits for the registry. */
  boolean isHolding() {
    return records.isHolding();
  }

  /** Whether there are partitions whose alarms are not all known yet. */
  boolean isLoading() {
    return !fresh.isEmpty() || !ready.containsAll(ends.keySet());
  }

  /** Whether there are partitions of which it is not even known where they end. */
  boolean hasFresh() {
    return !fresh.isEmpty();
  }

  /** Asks where new partitions end. */
  void askEnds() {
    ends.putAll(consumer.endOffsets(fresh));
    fresh.clear();
  }

  /** Hands over the partitions that have been read to their ends. */
  void handOver() {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (!ready.contains(end.getKey()) && consumer.position(end.getKey()) >= end.getValue()) {
        ready.add(end.getKey());
      }
    }
    state.ready(ready);
  }

  /** Commits up to where everything was told. */
  void commit() {
    if (!commits || ready.isEmpty() || !isJournalComplete.get()) {
      return;
    }
    Map<TopicPartition, Long> untold = state.untold(Instant.now(clock));
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : ready) {
      long position = consumer.position(partition);
      offsets.put(
          partition,
          new OffsetAndMetadata(Math.min(position, untold.getOrDefault(partition, position))));
    }
    try {
      consumer.commitSync(offsets);
    } catch (RebalanceInProgressException e) {
      return; // the next time
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    consumer.seekToBeginning(partitions);
    fresh.addAll(partitions);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    forget(partitions, REVOKE_PATIENCE_MS);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    forget(partitions, 0); // somebody else has them already
  }

  /** Waits for what is under way and leaves the group. What is not committed, the journal knows. */
  @Override
  public void close() {
    state.forget(Set.copyOf(ends.keySet()), REVOKE_PATIENCE_MS);
    try {
      consumer.close();
    } catch (RetriableException e) {
      return; // the group finds out by itself
    }
  }

  void wakeup() {
    consumer.wakeup();
  }

  private void forget(Collection<TopicPartition> partitions, long patienceMillis) {
    Set<TopicPartition> gone = Set.copyOf(partitions);
    state.forget(gone, patienceMillis);
    fresh.removeAll(gone);
    ready.removeAll(gone);
    ends.keySet().removeAll(gone);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws RecordFormatException {
    DivergenceAlarm alarm = codec.decode(record.value());
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    long now = clock.millis();
    Long end = ends.get(partition);
    boolean live = end != null && record.offset() >= end;
    boolean brokersClock = record.timestampType() == TimestampType.LOG_APPEND_TIME;
    long written = brokersClock ? record.timestamp() : alarm.getEmittedAt();
    long at = live ? now : Math.min(now, written);
    // The project is the topic, whatever the record says.
    alarm.setProject(Topics.project(record.topic()));
    state.take(new RoutedAlarm(alarm, partition, record.offset(), at, at));
  }
}
