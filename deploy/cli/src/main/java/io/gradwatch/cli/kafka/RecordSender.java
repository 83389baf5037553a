package io.gradwatch.cli.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes single records that a person asked for; each call returns when the record is there. */
public final class RecordSender implements AutoCloseable {
  private static final int PATIENCE_MS = 15_000;

  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * @param settings how to reach Kafka
   */
  public RecordSender(Map<String, Object> settings) {
    Map<String, Object> ours = new HashMap<>(settings);
    ours.put(ProducerConfig.ACKS_CONFIG, "all");
    ours.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MS);
    ours.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * PATIENCE_MS);
    producer = new KafkaProducer<>(ours, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Sends a record.
   *
   * @throws ExecutionException when Kafka did not take it
   */
  public void send(ProducerRecord<byte[], byte[]> record)
      throws ExecutionException, InterruptedException {
    producer.send(record).get();
  }

  @Override
  public void close() {
    producer.close();
  }
}
