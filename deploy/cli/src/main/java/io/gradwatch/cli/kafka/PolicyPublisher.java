package io.gradwatch.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.records.Policy;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.PolicyMapper;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes to the policy topic; each call returns when the record is there. */
public final class PolicyPublisher implements AutoCloseable {
  /**
   * From now to when a change holds, where nobody says otherwise: enough for a record to reach
   * every task before an event of that time does, with trainers' clocks a few seconds off.
   */
  public static final Duration LEAD = Duration.ofSeconds(10);

  private final RecordCodec<Policy> codec = RecordCodec.of(Policy.class);
  private final RecordSender sender;

  /**
   * @param settings how to reach Kafka
   */
  public PolicyPublisher(Map<String, Object> settings) {
    sender = new RecordSender(settings);
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
    sender.send(new ProducerRecord<>(Topics.POLICIES, key(document.key()), codec.encode(record)));
  }

  /**
   * Removes a policy.
   *
   * @param effectiveAt up to when it holds, in milliseconds since 1970
   * @throws ExecutionException when Kafka did not take it
   */
  public void remove(String key, long effectiveAt) throws ExecutionException, InterruptedException {
    sender.send(
        new ProducerRecord<byte[], byte[]>(Topics.POLICIES, null, effectiveAt, key(key), null));
  }

  private static byte[] key(String key) {
    return key.getBytes(UTF_8);
  }

  @Override
  public void close() {
    sender.close();
  }
}
