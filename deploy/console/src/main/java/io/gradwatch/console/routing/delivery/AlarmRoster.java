package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.notice.RoutedAlarm;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The newest revision of every alarm that somebody may have to be told of. Bounded: beyond that the
 * oldest go, which is counted, those that are over before those that are open. Of alarms that are
 * over and told, only the ids stay for a while, as a job that starts again tells of them anew.
 */
final class AlarmRoster {
  private static final int MOST_OVER = 200_000;

  private final int most;
  private final Map<String, RoutedAlarm> alarms = new LinkedHashMap<>();
  private final Map<String, TopicPartition> over =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TopicPartition> eldest) {
          return size() > MOST_OVER;
        }
      };
  private final Set<String> resolved = new LinkedHashSet<>();
  private long evicted;

  /**
   * @param most alarms it holds
   */
  AlarmRoster(int most) {
    this.most = most;
  }

  /** Takes a revision, when it is newer than what is known. */
  void take(RoutedAlarm alarm) {
    if (over.containsKey(alarm.id())) {
      return;
    }
    RoutedAlarm known = alarms.get(alarm.id());
    if (known == null) {
      alarms.put(alarm.id(), alarm);
    } else if (alarm.newest().getRevision() > known.newest().getRevision()) {
      alarms.put(
          alarm.id(),
          new RoutedAlarm(
              alarm.newest(),
              alarm.partition(),
              alarm.offset(),
              known.openedAt(),
              alarm.newestAt()));
    } else {
      return;
    }
    if (alarm.isResolved()) {
      resolved.add(alarm.id());
    } else {
      resolved.remove(alarm.id());
    }
    evict();
  }

  @Nullable RoutedAlarm get(String id) {
    return alarms.get(id);
  }

  Collection<RoutedAlarm> all() {
    return alarms.values();
  }

  /** Lets go of alarms that nobody has to be told of any more. */
  void settle(Predicate<RoutedAlarm> isOver) {
    alarms
        .values()
        .removeIf(
            alarm -> {
              boolean gone = isOver.test(alarm);
              if (gone) {
                resolved.remove(alarm.id());
                over.put(alarm.id(), alarm.partition());
              }
              return gone;
            });
  }

  /** Forgets everything of some partitions, which somebody else looks after. */
  void forget(Set<TopicPartition> partitions) {
    alarms.values().removeIf(alarm -> partitions.contains(alarm.partition()));
    resolved.retainAll(alarms.keySet());
    over.values().removeIf(partitions::contains);
  }

  /** Alarms that there was no room for. */
  long evicted() {
    return evicted;
  }

  private void evict() {
    if (alarms.size() <= most) {
      return;
    }
    Set<String> first = resolved.isEmpty() ? alarms.keySet() : resolved;
    RoutedAlarm gone = alarms.remove(first.iterator().next());
    if (gone != null && resolved.remove(gone.id())) {
      over.put(gone.id(), gone.partition());
    }
    evicted++;
  }
}
