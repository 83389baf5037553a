package io.gradwatch.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.records.Policy;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.PolicyMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes to the policy topic; each call returns when the record is there. */
public final class PolicyPublisher implements AutoCloseable {
  private static final int PATIENCE_MS = 15_000;

  private final RecordCodec<Policy> codec = RecordCodec.of(Policy.class);
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * @param settings how to reach Kafka
   */
  public PolicyPublisher(Map<String, Object> settings) {
    Map<String, Object> ours = new HashMap<>(settings);
    ours.put(ProducerConfig.ACKS_CONFIG, "all");
    ours.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MS);
    ours.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * PATIENCE_MS);
    producer = new KafkaProducer<>(ours, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Publishes a policy.
   *
   * @throws ExecutionException when Kafka did not take it
   */
  public void publish(PolicyDocument document, String author, String note)
      throws ExecutionException, InterruptedException {
    Policy record = PolicyMapper.toRecord(document);
    record.setAuthor(author);
    record.setNote(note);
    send(new ProducerRecord<>(Topics.POLICIES, key(document.key()), codec.encode(record)));
  }

  /**
   * Removes a policy.
   *
   * @param effectiveAt up to when it holds, in milliseconds since 1970
   * @throws ExecutionException when Kafka did not take it
   */
  public void remove(String key, long effectiveAt) throws ExecutionException, InterruptedException {
    send(new ProducerRecord<byte[], byte[]>(Topics.POLICIES, null, effectiveAt, key(key), null));
  }

  private void send(ProducerRecord<byte[], byte[]> record)
      throws ExecutionException, InterruptedException {
    producer.send(record).get();
  }

  private static byte[] key(String key) {
    return key.getBytes(UTF_8);
  }

  @Override
  public void close() {
    producer.close();
  }
}
