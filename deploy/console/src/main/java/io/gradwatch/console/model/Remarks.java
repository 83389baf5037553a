package io.gradwatch.console.model;

import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Silence;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What people say about alarms: the newest record of each key, in bounded number. Beyond that the
 * silences go that end first, and of acknowledgements and judgements those that were given first.
 */
public final class Remarks {
  private static final int MOST_SILENCES = 10_000;
  private static final int MOST_OF_A_KIND = 100_000;

  private final Map<String, Acknowledgement> acknowledgements = bounded();
  private final Map<String, Judgement> judgements = bounded();
  private final Map<String, ActiveSilence> silences = new HashMap<>();
  private final NavigableSet<ActiveSilence> silencesByEnd =
      new TreeSet<>(
          Comparator.comparingLong((ActiveSilence silence) -> silence.record().getEndsAt())
              .thenComparing(silence -> silence.record().getSilenceId()));

  private static <T> Map<String, T> bounded() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > MOST_OF_A_KIND;
      }
    };
  }

  /** Keeps an acknowledgement as the newest of all, or lets go of one that is withdrawn. */
  public void take(Acknowledgement record) {
    acknowledgements.remove(record.getAlarmId());
    if (!record.getWithdrawn()) {
      acknowledgements.put(record.getAlarmId(), record);
    }
  }

  /** Lets go of an alarm's acknowledgement. */
  public void forgetAcknowledgement(String alarm) {
    acknowledgements.remove(alarm);
  }

  /** Who acknowledged an alarm. */
  public @Nullable Acknowledgement acknowledgement(String alarm) {
    return acknowledgements.get(alarm);
  }

  void take(Judgement record) {
    judgements.remove(record.getAlarmId());
    if (!record.getWithdrawn()) {
      judgements.put(record.getAlarmId(), record);
    }
  }

  @Nullable Judgement judgement(String alarm) {
    return judgements.get(alarm);
  }

  Collection<Judgement> judgements() {
    return Collections.unmodifiableCollection(judgements.values());
  }

  /** Keeps a silence in place of what was known of it. */
  public void take(Silence record) {
    forgetSilence(record.getSilenceId());
    ActiveSilence active = ActiveSilence.of(record);
    silences.put(record.getSilenceId(), active);
    silencesByEnd.add(active);
    if (silences.size() > MOST_SILENCES) {
      forgetSilence(silencesByEnd.first().record().getSilenceId());
    }
  }

  /** Lets go of a silence. */
  public void forgetSilence(String id) {
    ActiveSilence gone = silences.remove(id);
    if (gone != null) {
      silencesByEnd.remove(gone);
    }
  }

  @Nullable ActiveSilence silence(String id) {
    return silences.get(id);
  }

  /** All silences, the first to end first. */
  Collection<ActiveSilence> silences() {
    return Collections.unmodifiableCollection(silencesByEnd);
  }

  /**
   * Silences that hold at a time and match, the first to end first.
   *
   * @param now milliseconds since 1970-01-01 UTC
   */
  List<ActiveSilence> matching(Labels labels, long now) {
    return silencesByEnd.stream()
        .filter(silence -> silence.holdsAt(now) && silence.matches(labels))
        .toList();
  }

  /**
   * Until when nobody wants to be told of an alarm: the latest end of the silences that hold or
   * held; 0 when there is none.
   *
   * @param now milliseconds since 1970-01-01 UTC, as is what is returned
   */
  public long silencedUntil(Labels labels, long now) {
    for (ActiveSilence silence : silencesByEnd.descendingSet()) {
      if (silence.record().getStartsAt() <= now && silence.matches(labels)) {
        return silence.record().getEndsAt();
      }
    }
    return 0;
  }
}
