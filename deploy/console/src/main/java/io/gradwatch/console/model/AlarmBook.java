package io.gradwatch.console.model;

import io.gradwatch.records.DivergenceAlarm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Alarms by id and by run, in bounded number: the oldest resolved ones are let go first. */
final class AlarmBook {
  private final int most;
  private final Map<String, AlarmStory> byId = new LinkedHashMap<>();
  private final Map<RunKey, Set<AlarmStory>> byRun = new HashMap<>();
  private final NavigableMap<Long, AlarmStory> byChange = new TreeMap<>();

  /**
   * @param most alarms kept
   */
  AlarmBook(int most) {
    this.most = most;
  }

  /** The alarm that the record tells of, when the record says something new. */
  @Nullable AlarmStory take(DivergenceAlarm record) {
    AlarmStory known = byId.get(record.getAlarmId());
    if (known != null) {
      return known.take(record) ? known : null;
    }
    AlarmStory alarm = new AlarmStory(record);
    byId.put(record.getAlarmId(), alarm);
    byRun.computeIfAbsent(alarm.run(), run -> new LinkedHashSet<>()).add(alarm);
    if (byId.size() > most) {
      letGoOfOne();
    }
    return alarm;
  }

  @Nullable AlarmStory get(String id) {
    return byId.get(id);
  }

  /** Oldest first. */
  Collection<AlarmStory> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** Of a run, oldest first. */
  List<AlarmStory> of(RunKey run) {
    return new ArrayList<>(byRun.getOrDefault(run, Set.of()));
  }

  /** Notes that an alarm has changed; every generation is of one alarm. */
  void touch(AlarmStory alarm, long generation) {
    if (byId.containsKey(alarm.newest().getAlarmId())) {
      byChange.remove(alarm.changed());
      alarm.change(generation);
      byChange.put(generation, alarm);
    }
  }

  /** Alarms that changed after a generation, those first that changed first. */
  List<AlarmStory> changedSince(long generation, int most) {
    return byChange.tailMap(generation, false).values().stream().limit(most).toList();
  }

  private void letGoOfOne() {
    AlarmStory victim =
        byId.values().stream()
            .filter(alarm -> !alarm.open())
            .findFirst()
            .orElseGet(() -> byId.values().iterator().next());
    byId.remove(victim.newest().getAlarmId());
    byChange.remove(victim.changed());
    Set<AlarmStory> ofRun = byRun.get(victim.run());
    if (ofRun != null) {
      ofRun.remove(victim);
      if (ofRun.isEmpty()) {
        byRun.remove(victim.run());
      }
    }
  }
}
