package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.model.ActiveSilence;
import io.gradwatch.console.model.Labels;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.Silence;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What people say about alarms: silences and acknowledgements, in bounded number. Beyond that the
 * silences go that end first, and the acknowledgements that were given first.
 */
final class Sayings {
  private static final int MOST_SILENCES = 10_000;
  private static final int MOST_ACKNOWLEDGEMENTS = 100_000;

  private final Map<String, ActiveSilence> silences = new HashMap<>();
  private final NavigableSet<ActiveSilence> byEnd =
      new TreeSet<>(
          Comparator.comparingLong((ActiveSilence silence) -> silence.record().getEndsAt())
              .thenComparing(silence -> silence.record().getSilenceId()));
  private final Map<String, Acknowledgement> acknowledgements =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Acknowledgement> eldest) {
          return size() > MOST_ACKNOWLEDGEMENTS;
        }
      };

  void take(Silence silence) {
    forgetSilence(silence.getSilenceId());
    ActiveSilence active = ActiveSilence.of(silence);
    silences.put(silence.getSilenceId(), active);
    byEnd.add(active);
    if (silences.size() > MOST_SILENCES) {
      forgetSilence(byEnd.first().record().getSilenceId());
    }
  }

  void forgetSilence(String id) {
    ActiveSilence gone = silences.remove(id);
    if (gone != null) {
      byEnd.remove(gone);
    }
  }

  void take(Acknowledgement acknowledgement) {
    acknowledgements.remove(acknowledgement.getAlarmId());
    if (!acknowledgement.getWithdrawn()) {
      acknowledgements.put(acknowledgement.getAlarmId(), acknowledgement);
    }
  }

  void forgetAcknowledgement(String alarm) {
    acknowledgements.remove(alarm);
  }

  @Nullable Acknowledgement acknowledgement(String alarm) {
    return acknowledgements.get(alarm);
  }

  /**
   * Until when nobody wants to be told of an alarm: the latest end of the silences that hold or
   * held; 0 when there is none. Milliseconds since 1970-01-01 UTC.
   */
  long silencedUntil(Labels labels, long now) {
    long until = 0;
    for (ActiveSilence silence : silences.values()) {
      if (silence.record().getStartsAt() <= now
          && silence.record().getEndsAt() > until
          && silence.matches(labels)) {
        until = silence.record().getEndsAt();
      }
    }
    return until;
  }
}
