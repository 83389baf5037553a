package io.gradwatch.console.routing.notice;

import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import org.apache.kafka.common.TopicPartition;

/**
 * An alarm as the router knows it. Times are milliseconds since 1970-01-01 UTC.
 *
 * @param newest its newest revision; not to be changed
 * @param partition where it is written
 * @param offset where its newest revision lies there
 * @param openedAt when its first revision was written, as far as is known
 * @param newestAt when its newest revision was written, as far as is known
 */
public record RoutedAlarm(
    DivergenceAlarm newest, TopicPartition partition, long offset, long openedAt, long newestAt) {
  /** Its id. */
  public String id() {
    return newest.getAlarmId();
  }

  /** Whether it is over. */
  public boolean isResolved() {
    return newest.getState() == AlarmState.RESOLVED;
  }
}
