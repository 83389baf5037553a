package io.gradwatch.schemas;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one topic is made.
 *
 * @param name its full name
 * @param partitions its number of partitions, never changed later: the key decides the partition
 * @param cleanup what happens to old records
 * @param retention how long every record stays at least; then it goes or, of a compacted topic,
 *     gives way to a newer one of its key; null: compacted at once
 * @param key what the records' keys are
 */
public record TopicSpec(
    String name, int partitions, Cleanup cleanup, @Nullable Duration retention, KeyedBy key) {

  /**
   * Room for the largest record with its key, headers and batch: a dead letter adds headers to what
   * was too large already for us, but not for the broker (1 MiB by default).
   */
  private static final int MAX_MESSAGE_BYTES = 2 * 1024 * 1024;

  /**
   * Records of the pipeline have the timestamp of the event that caused them. Which ones there may
   * be the event topic decides, for by default brokers refuse those that are an hour ahead: what it
   * has taken must not be refused here, where that would stop the job for good.
   */
  private static final String ANY_TIME = Long.toString(Long.MAX_VALUE);

  /** What happens to old records. */
  public enum Cleanup {
    /** Gone with age. */
    DELETE,
    /** The newest of a key stays. */
    COMPACT,
    /** The newest of a key stays until it is too old as well. */
    COMPACT_DELETE
  }

  /** What the records' keys are, always UTF-8. */
  public enum KeyedBy {
    /** The run id. */
    RUN_ID,
    /** scope/name of a policy, in lower case. */
    POLICY_SCOPE_AND_NAME,
    /** The incident id. */
    INCIDENT_ID,
    /** The silence id. */
    SILENCE_ID,
    /** The alarm id. */
    ALARM_ID,
    /** target/alarm id of what a target was told. */
    TARGET_AND_ALARM_ID,
    /** Whatever the refused record had. */
    ORIGINAL
  }

  /** The settings that Kafka's admin client takes, by their Kafka names. */
  public Map<String, String> configs() {
    Map<String, String> configs = new LinkedHashMap<>();
    configs.put(
        "cleanup.policy",
        switch (cleanup) {
          case DELETE -> "delete";
          case COMPACT -> "compact";
          case COMPACT_DELETE -> "compact,delete";
        });
    if (retention != null) {
      configs.put(
          cleanup == Cleanup.COMPACT ? "min.compaction.lag.ms" : "retention.ms",
          Long.toString(retention.toMillis()));
    }
    configs.put("max.message.bytes", Integer.toString(MAX_MESSAGE_BYTES));
    if (isPublishedByThePipeline()) {
      configs.put("message.timestamp.before.max.ms", ANY_TIME);
      configs.put("message.timestamp.after.max.ms", ANY_TIME);
    }
    return configs;
  }

  private boolean isPublishedByThePipeline() {
    return switch (key) {
      case INCIDENT_ID, ORIGINAL -> true;
      case RUN_ID -> !Topics.EVENTS_PATTERN.matcher(name).matches();
      case POLICY_SCOPE_AND_NAME, SILENCE_ID, ALARM_ID, TARGET_AND_ALARM_ID -> false;
    };
  }
}
