package io.gradwatch.console.feed;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Has what people say of one alarm or silence reach the model in the order of its topic, whoever
 * brings it first: the feed, or the journal of this console that has just written it. Two consoles
 * would else show for good what each of them wrote last. Safe for use by several threads.
 */
final class RemarkOrder {
  /** What a record replaces: others of its topic's partition with its key. */
  private record Subject(TopicPartition partition, String key) {}

  private final Map<TopicPartition, Long> read = new HashMap<>();
  private final Map<Subject, Long> ahead = new HashMap<>();

  /** Takes a record that this console wrote, unless the feed brought it or a newer one before. */
  synchronized void written(TopicPartition partition, String key, long offset, Runnable taker) {
    Subject subject = new Subject(partition, key);
    if (offset >= read.getOrDefault(partition, 0L) && offset > ahead.getOrDefault(subject, -1L)) {
      ahead.put(subject, offset);
      taker.run();
    }
  }

  /** Takes a record of the topic, unless the journal brought it or a newer one before. */
  synchronized void read(TopicPartition partition, String key, long offset, Runnable taker) {
    Subject subject = new Subject(partition, key);
    long written = ahead.getOrDefault(subject, -1L);
    if (offset > written) {
      taker.run();
    }
    if (offset >= written) {
      ahead.remove(subject);
    }
    read.put(partition, offset + 1);
  }
}
