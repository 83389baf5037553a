package io.gradwatch.console.routing.feed;

import io.gradwatch.console.feed.PolledRecords;
import io.gradwatch.console.routing.delivery.RoutingState;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.Silence;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows silences, acknowledgements and the journal, all of them from their beginning: every
 * router knows everything that was said. Not safe for use by several threads.
 */
final class SayingsReader implements AutoCloseable {
  private final RecordCodec<Silence> silences;
  private final RecordCodec<Acknowledgement> acknowledgements;
  private final RecordCodec<Delivery> deliveries;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final PolledRecords records;
  private final RoutingState state;
  private final Undecodable undecodable;

  /**
   * @throws IllegalStateException when a topic is not there
   */
  SayingsReader(Origin origin, RoutingState state, Undecodable undecodable) {
    this.silences = origin.codec(Silence.class);
    this.acknowledgements = origin.codec(Acknowledgement.class);
    this.deliveries = origin.codec(Delivery.class);
    this.consumer = Consumers.of(origin.client(), Map.of());
    this.records = new PolledRecords(consumer);
    this.state = state;
    this.undecodable = undecodable;
    boolean complete = false;
    try {
      List<TopicPartition> partitions =
          List.of(Topics.SILENCES, Topics.ACKNOWLEDGEMENTS, Topics.DELIVERIES).stream()
              .flatMap(topic -> Consumers.partitions(consumer, topic).stream())
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      complete = true;
    } finally {
      if (!complete) {
        consumer.close();
      }
    }
  }

  /** Takes what has come. */
  void poll(Duration patience) {
    undecodable.pass(records, consumer.poll(patience), this::take);
  }

  /** How many answers it had. */
  double answers() {
    return Consumers.fetches(consumer);
  }

  /** Whether something that was said waits for the registry. */
  boolean isHolding() {
    return records.isHolding();
  }

  /** Where everything that was said ends now. */
  Map<TopicPartition, Long> ends() {
    return consumer.endOffsets(consumer.assignment());
  }

  /** Whether everything before these ends is known. */
  boolean hasReached(Map<TopicPartition, Long> ends) {
    return Consumers.hasReached(consumer, ends);
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws RecordFormatException {
    if (record.value() == null) {
      forget(record);
      return;
    }
    switch (record.topic()) {
      case Topics.SILENCES -> state.take(silences.decode(record.value()));
      case Topics.ACKNOWLEDGEMENTS -> state.take(acknowledgements.decode(record.value()));
      default -> state.take(deliveries.decode(record.value()));
    }
  }

  private void forget(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    switch (record.topic()) {
      case Topics.SILENCES -> state.forgetSilence(key);
      case Topics.ACKNOWLEDGEMENTS -> state.forgetAcknowledgement(key);
      default -> {
        int slash = key.indexOf('/');
        if (slash > 0) {
          state.forgetDelivery(key.substring(0, slash), key.substring(slash + 1));
        }
      }
    }
  }
}
