package io.gradwatch.console.routing.feed;

import io.gradwatch.console.routing.delivery.JournalWriter;
import io.gradwatch.records.Delivery;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in its topic. What Kafka does not take now is kept, the newest of a key, and written
 * later; until then no offset is committed. Safe for use by several threads.
 */
public final class KafkaJournal implements JournalWriter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaJournal.class);
  private static final int PATIENCE_MS = 15_000;

  private final RecordCodec<Delivery> codec = RecordCodec.of(Delivery.class);
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, Delivery> unwritten = new LinkedHashMap<>();

  /**
   * @param client how to reach Kafka
   */
  public KafkaJournal(Map<String, Object> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MS);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS / 2);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MS);
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public synchronized void write(List<Delivery> deliveries) {
    deliveries.forEach(delivery -> unwritten.put(key(delivery), delivery));
    retry();
  }

  /** Tries again what was not written. */
  public synchronized void retry() {
    Map<String, Future<RecordMetadata>> sent = new HashMap<>();
    try {
      unwritten.forEach((key, delivery) -> sent.put(key, producer.send(record(key, delivery))));
      producer.flush();
    } catch (KafkaException e) {
      LOG.warn("cannot write to {} now: {}", Topics.DELIVERIES, e.getMessage());
    }
    sent.forEach(this::settle);
  }

  /** Whether all was written. */
  public synchronized boolean isComplete() {
    return unwritten.isEmpty();
  }

  @Override
  public void close() {
    producer.close();
  }

  private void settle(String key, Future<RecordMetadata> written) {
    try {
      written.get();
      unwritten.remove(key);
    } catch (ExecutionException e) {
      LOG.warn("{} did not take {}: {}", Topics.DELIVERIES, key, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ProducerRecord<byte[], byte[]> record(String key, Delivery delivery) {
    return new ProducerRecord<>(
        Topics.DELIVERIES, key.getBytes(StandardCharsets.UTF_8), codec.encode(delivery));
  }

  private static String key(Delivery delivery) {
    return delivery.getTarget() + "/" + delivery.getAlarmId();
  }
}
