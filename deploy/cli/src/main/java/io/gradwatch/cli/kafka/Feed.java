package io.gradwatch.cli.kafka;

import io.gradwatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What the pipeline publishes, each kind with its topic. */
public enum Feed {
  /** Every revision of every alarm. */
  ALARMS,
  /** Clip advice. */
  RECOMMENDATIONS,
  /** Rolling statistics. */
  STATISTICS,
  /** What could not be decoded, of all projects. */
  DEAD_LETTERS,
  /** Every revision of every incident, of all projects. */
  INCIDENTS;

  /** The topic of a project. */
  public String topic(String project) {
    return switch (this) {
      case ALARMS -> Topics.alarms(project);
      case RECOMMENDATIONS -> Topics.recommendations(project);
      case STATISTICS -> Topics.statistics(project);
      case DEAD_LETTERS -> Topics.DEAD_LETTERS;
      case INCIDENTS -> Topics.INCIDENTS;
    };
  }

  /** The key, which is the run id of all but incidents and dead letters, and mostly of those. */
  public static @Nullable String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
  }
}
