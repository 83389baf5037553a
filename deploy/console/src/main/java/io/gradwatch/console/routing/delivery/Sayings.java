package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.model.ActiveSilence;
import io.gradwatch.console.model.Labels;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.Silence;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people say about alarms: silences and acknowledgements, in bounded number. */
final class Sayings {
  private static final int MOST_SILENCES = 10_000;
  private static final int MOST_ACKNOWLEDGEMENTS = 100_000;

  private final Map<String, ActiveSilence> silences = bounded(MOST_SILENCES);
  private final Map<String, Acknowledgement> acknowledgements = bounded(MOST_ACKNOWLEDGEMENTS);

  void take(Silence silence) {
    silences.put(silence.getSilenceId(), ActiveSilence.of(silence));
  }

  void forgetSilence(String id) {
    silences.remove(id);
  }

  void take(Acknowledgement acknowledgement) {
    if (acknowledgement.getWithdrawn()) {
      acknowledgements.remove(acknowledgement.getAlarmId());
    } else {
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

  private static <V> Map<String, V> bounded(int most) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
      }
    };
  }
}
