package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.notice.References;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.Delivery;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the targets were told of alarms that they were not told the end of. Of those they were,
 * nothing has to be known: an alarm that is over does not open again.
 */
final class Journal {
  private final Map<String, Map<String, Delivery>> byAlarm = new HashMap<>();

  /** What a target was told of an alarm; null: nothing, or its end. */
  @Nullable Delivery get(String target, String alarm) {
    Map<String, Delivery> told = byAlarm.get(alarm);
    return told == null ? null : told.get(target);
  }

  /** Keeps what a target was told. */
  void put(Delivery delivery) {
    if (delivery.getState() == AlarmState.RESOLVED) {
      remove(delivery.getTarget(), delivery.getAlarmId());
    } else {
      byAlarm
          .computeIfAbsent(delivery.getAlarmId(), alarm -> new HashMap<>())
          .put(delivery.getTarget(), delivery);
    }
  }

  /** Forgets what a target was told. */
  void remove(String target, String alarm) {
    Map<String, Delivery> told = byAlarm.get(alarm);
    if (told != null && told.remove(target) != null && told.isEmpty()) {
      byAlarm.remove(alarm);
    }
  }

  /** Whether a target was told of another alarm by the same message and not of its end. */
  boolean isShared(Delivery delivery) {
    String key = References.key(delivery.getReference());
    if (key.isEmpty()) {
      return false;
    }
    return byAlarm.values().stream()
        .map(told -> told.get(delivery.getTarget()))
        .anyMatch(
            other ->
                other != null
                    && References.key(other.getReference()).equals(key)
                    && !other.getAlarmId().equals(delivery.getAlarmId()));
  }
}
