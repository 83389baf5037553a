package io.gradwatch.console.model;

import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Silence;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people say about alarms: the newest record of each key. */
final class Remarks {
  /** Of each kind; what was said first is let go first. */
  static final int MOST = 50_000;

  private final Map<String, Acknowledgement> acknowledgements = new LinkedHashMap<>();
  private final Map<String, Judgement> judgements = new LinkedHashMap<>();
  private final Map<String, ActiveSilence> silences = new LinkedHashMap<>();

  void take(Acknowledgement record) {
    if (record.getWithdrawn()) {
      acknowledgements.remove(record.getAlarmId());
    } else {
      putLast(acknowledgements, record.getAlarmId(), record);
    }
  }

  void take(Judgement record) {
    if (record.getWithdrawn()) {
      judgements.remove(record.getAlarmId());
    } else {
      putLast(judgements, record.getAlarmId(), record);
    }
  }

  void take(Silence record) {
    putLast(silences, record.getSilenceId(), ActiveSilence.of(record));
  }

  private static <T> void putLast(Map<String, T> map, String key, T value) {
    map.remove(key);
    map.put(key, value);
    if (map.size() > MOST) {
      map.remove(map.keySet().iterator().next());
    }
  }

  @Nullable Acknowledgement acknowledgement(String alarm) {
    return acknowledgements.get(alarm);
  }

  @Nullable Judgement judgement(String alarm) {
    return judgements.get(alarm);
  }

  Collection<Judgement> judgements() {
    return Collections.unmodifiableCollection(judgements.values());
  }

  @Nullable ActiveSilence silence(String id) {
    return silences.get(id);
  }

  Collection<ActiveSilence> silences() {
    return Collections.unmodifiableCollection(silences.values());
  }

  /** Silences that hold at a time and match. */
  List<ActiveSilence> matching(Labels labels, long now) {
    return silences.values().stream()
        .filter(silence -> silence.holdsAt(now) && silence.matches(labels))
        .toList();
  }
}
