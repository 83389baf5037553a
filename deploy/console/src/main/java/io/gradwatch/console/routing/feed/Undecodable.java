package io.gradwatch.console.routing.feed;

import io.gradwatch.console.feed.PolledRecords;
import io.gradwatch.schemas.RecordFormatException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records that nobody can read: counted, the first of them logged, none stops a router. */
public final class Undecodable {
  private static final Logger LOG = LoggerFactory.getLogger(Undecodable.class);
  private static final int MOST_LOGGED = 10;

  private final AtomicLong count = new AtomicLong();

  /** Puts a record where it belongs. */
  @FunctionalInterface
  interface Taker {
    void take(ConsumerRecord<byte[], byte[]> record) throws RecordFormatException;
  }

  /**
   * Hands on what a consumer has polled, but for what cannot be read.
   *
   * @throws java.io.UncheckedIOException when the schema registry cannot be asked; what was not
   *     handed on comes with a later poll
   */
  void pass(PolledRecords records, ConsumerRecords<byte[], byte[]> polled, Taker taker) {
    records.each(
        polled,
        record -> {
          try {
            taker.take(record);
          } catch (RecordFormatException | IllegalArgumentException e) {
            passOver(record, e);
          }
        });
  }

  private void passOver(ConsumerRecord<byte[], byte[]> record, Exception reason) {
    if (count.incrementAndGet() <= MOST_LOGGED) {
      LOG.warn(
          "passed over {}-{} offset {}: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          reason.getMessage());
    }
  }

  /** How many there were. */
  public long count() {
    return count.get();
  }
}
