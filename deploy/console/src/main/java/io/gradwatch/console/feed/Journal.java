package io.gradwatch.console.feed;

import io.gradwatch.console.model.Fleet;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Silence;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes what people say to its topic. What a method has returned from is in Kafka, and in the
 * model, so that whoever said it sees it at once.
 */
public final class Journal implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RecordCodec<Silence> silences = RecordCodec.of(Silence.class);
  private final RecordCodec<Acknowledgement> acknowledgements =
      RecordCodec.of(Acknowledgement.class);
  private final RecordCodec<Judgement> judgements = RecordCodec.of(Judgement.class);
  private final KafkaProducer<byte[], byte[]> producer;
  private final Fleet fleet;
  private final RemarkOrder order;

  /**
   * @param client settings of Kafka's clients
   * @param fleet is told what was written
   * @param feed tells the same model what others write
   */
  public Journal(Map<String, Object> client, Fleet fleet, Feed feed) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) PATIENCE.toMillis());
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 2);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    this.fleet = fleet;
    this.order = feed.remarkOrder();
  }

  /**
   * Writes a silence.
   *
   * @throws IOException when Kafka did not take it in time
   */
  public void write(Silence record) throws IOException {
    send(
        Topics.SILENCES, record.getSilenceId(), silences.encode(record), () -> fleet.apply(record));
  }

  /**
   * Writes that somebody looks after an alarm.
   *
   * @throws IOException when Kafka did not take it in time
   */
  public void write(Acknowledgement record) throws IOException {
    send(
        Topics.ACKNOWLEDGEMENTS,
        record.getAlarmId(),
        acknowledgements.encode(record),
        () -> fleet.apply(record));
  }

  /**
   * Writes a judgement.
   *
   * @throws IOException when Kafka did not take it in time
   */
  public void write(Judgement record) throws IOException {
    send(
        Topics.JUDGEMENTS,
        record.getAlarmId(),
        judgements.encode(record),
        () -> fleet.apply(record));
  }

  @Override
  public void close() {
    producer.close(PATIENCE);
  }

  private void send(String topic, String key, byte[] value, Runnable taker) throws IOException {
    try {
      RecordMetadata written =
          producer
              .send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      order.written(new TopicPartition(topic, written.partition()), key, written.offset(), taker);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      throw new IOException(
          "Kafka did not take it into topic " + topic + ": " + cause.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing to topic " + topic, e);
    }
  }
}
