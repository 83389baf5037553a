package io.gradwatch.console.routing.feed;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records that nobody can read: counted, the first of them logged, none stops a router. */
public final class Undecodable {
  private static final Logger LOG = LoggerFactory.getLogger(Undecodable.class);
  private static final int MOST_LOGGED = 10;

  private final AtomicLong count = new AtomicLong();

  void take(ConsumerRecord<byte[], byte[]> record, Exception reason) {
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
