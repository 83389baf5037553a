package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.RoutedAlarm;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Alarms that some target is being told of at this moment: what it knows is not known yet. */
final class UnderWay {
  private final Map<TopicPartition, Integer> partitions = new HashMap<>();
  private final Map<String, Integer> alarms = new HashMap<>();

  /** A message goes. */
  void begin(Dispatch dispatch) {
    dispatch
        .notices()
        .forEach(
            notice -> {
              RoutedAlarm alarm = notice.alarm();
              partitions.merge(alarm.partition(), 1, Integer::sum);
              alarms.merge(alarm.id(), 1, Integer::sum);
            });
  }

  /** It went, or did not. */
  void end(Dispatch dispatch) {
    dispatch
        .notices()
        .forEach(
            notice -> {
              countDown(partitions, notice.alarm().partition());
              countDown(alarms, notice.alarm().id());
            });
  }

  /** Whether an alarm is in a message that goes. */
  boolean holds(String alarm) {
    return alarms.containsKey(alarm);
  }

  /** Whether an alarm of a partition is. */
  boolean holds(TopicPartition partition) {
    return partitions.containsKey(partition);
  }

  private static <K> void countDown(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
  }
}
