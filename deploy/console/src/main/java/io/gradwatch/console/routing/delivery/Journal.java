package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.notice.References;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.Delivery;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the targets were told of alarms that they were not told the end of. Of those they were,
 * nothing has to be known: an alarm that is over does not open again.
 */
final class Journal {
  /** What a target calls a message. */
  private record Message(String target, String key) {
    static Message of(Delivery delivery) {
      return new Message(delivery.getTarget(), References.key(delivery.getReference()));
    }
  }

  private final Map<String, Map<String, Delivery>> byAlarm = new HashMap<>();
  private final Map<Message, Set<String>> byMessage = new HashMap<>();
  private final Map<Message, Set<String>> unacknowledged = new HashMap<>();

  /** What a target was told of an alarm; null: nothing, or its end. */
  @Nullable Delivery get(String target, String alarm) {
    Map<String, Delivery> told = byAlarm.get(alarm);
    return told == null ? null : told.get(target);
  }

  /** Keeps what a target was told. */
  void put(Delivery delivery) {
    remove(delivery.getTarget(), delivery.getAlarmId());
    if (delivery.getState() != AlarmState.RESOLVED) {
      byAlarm
          .computeIfAbsent(delivery.getAlarmId(), alarm -> new HashMap<>())
          .put(delivery.getTarget(), delivery);
      index(delivery);
    }
  }

  /** Forgets what a target was told. */
  void remove(String target, String alarm) {
    Map<String, Delivery> told = byAlarm.get(alarm);
    if (told == null) {
      return;
    }
    Delivery gone = told.remove(target);
    if (gone == null) {
      return;
    }
    unindex(gone);
    if (told.isEmpty()) {
      byAlarm.remove(alarm);
    }
  }

  /** Whether a target was told of another alarm by the same message and not of its end. */
  boolean isShared(Delivery delivery) {
    return hasOther(byMessage, delivery);
  }

  /** Whether it was of one that it does not know to be acknowledged. */
  boolean isSharedUnacknowledged(Delivery delivery) {
    return hasOther(unacknowledged, delivery);
  }

  private static boolean hasOther(Map<Message, Set<String>> alarms, Delivery delivery) {
    Set<String> told = alarms.getOrDefault(Message.of(delivery), Set.of());
    return told.size() > (told.contains(delivery.getAlarmId()) ? 1 : 0);
  }

  private void index(Delivery delivery) {
    Message message = Message.of(delivery);
    if (message.key().isEmpty()) {
      return;
    }
    byMessage.computeIfAbsent(message, same -> new HashSet<>()).add(delivery.getAlarmId());
    if (!References.isAcknowledged(delivery.getReference())) {
      unacknowledged.computeIfAbsent(message, same -> new HashSet<>()).add(delivery.getAlarmId());
    }
  }

  private void unindex(Delivery delivery) {
    Message message = Message.of(delivery);
    remove(byMessage, message, delivery.getAlarmId());
    remove(unacknowledged, message, delivery.getAlarmId());
  }

  private static void remove(Map<Message, Set<String>> alarms, Message message, String alarm) {
    Set<String> told = alarms.get(message);
    if (told != null && told.remove(alarm) && told.isEmpty()) {
      alarms.remove(message);
    }
  }
}
