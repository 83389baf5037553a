package io.gradwatch.console.model;

import io.gradwatch.console.api.AlarmDetail;
import io.gradwatch.console.api.AlarmPage;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.SilencePage;
import io.gradwatch.console.api.SilenceView;
import io.gradwatch.records.Silence;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Alarms together with what people say of them. */
final class AlarmDesk {
  private static final List<String> SILENCE_ORDER = List.of("ACTIVE", "PENDING", "EXPIRED");

  private final AlarmBook book;
  private final Remarks remarks;
  private final InstantSource clock;
  private final Function<RunKey, @Nullable RunStory> runs;

  /**
   * @param runs what is known about runs: owners and tags
   */
  AlarmDesk(
      AlarmBook book,
      Remarks remarks,
      InstantSource clock,
      Function<RunKey, @Nullable RunStory> runs) {
    this.book = book;
    this.remarks = remarks;
    this.clock = clock;
    this.runs = runs;
  }

  AlarmView view(AlarmStory alarm) {
    String id = alarm.newest().getAlarmId();
    return Views.alarm(
        alarm,
        runs.apply(alarm.run()),
        remarks.acknowledgement(id),
        remarks.judgement(id),
        alarm.open() ? remarks.matching(labels(alarm), clock.millis()) : List.of());
  }

  @Nullable AlarmDetail detail(String id) {
    AlarmStory alarm = book.get(id);
    if (alarm == null) {
      return null;
    }
    List<SilenceView> silences =
        remarks.matching(labels(alarm), clock.millis()).stream().map(this::view).toList();
    return new AlarmDetail(view(alarm), alarm.history(), silences);
  }

  /** Newest first. */
  AlarmPage page(AlarmQuery query, int offset, int limit) {
    Map<AlarmStatus, Integer> counts = new EnumMap<>(AlarmStatus.class);
    for (AlarmStatus status : AlarmStatus.values()) {
      counts.put(status, 0);
    }
    List<AlarmView> views = new ArrayList<>();
    for (AlarmStory alarm : book.all()) {
      AlarmView view = view(alarm);
      if (query.takes(view)) {
        counts.merge(view.status(), 1, Integer::sum);
        if (query.takesStatus(view)) {
          views.add(view);
        }
      }
    }
    views.sort(
        Comparator.comparingLong(AlarmView::openedAt).thenComparing(AlarmView::id).reversed());
    return new AlarmPage(views.size(), offset, counts, Part.of(views, offset, limit));
  }

  /** Alarms that are open and nobody silenced or looks after. */
  int unattended() {
    return (int)
        book.all().stream()
            .filter(alarm -> alarm.open() && view(alarm).status() == AlarmStatus.OPEN)
            .count();
  }

  SilencePage silences(Set<String> states, int offset, int limit) {
    List<SilenceView> views = new ArrayList<>();
    for (ActiveSilence silence : remarks.silences()) {
      SilenceView view = view(silence);
      if (states.isEmpty() || states.contains(view.state())) {
        views.add(view);
      }
    }
    views.sort(
        Comparator.comparingInt((SilenceView view) -> SILENCE_ORDER.indexOf(view.state()))
            .thenComparing(Comparator.comparingLong(SilenceView::createdAt).reversed())
            .thenComparing(SilenceView::id));
    return new SilencePage(views.size(), offset, Part.of(views, offset, limit));
  }

  @Nullable SilenceView silence(String id) {
    ActiveSilence silence = remarks.silence(id);
    return silence == null ? null : view(silence);
  }

  @Nullable Silence silenceRecord(String id) {
    ActiveSilence silence = remarks.silence(id);
    return silence == null ? null : silence.record();
  }

  /** Open alarms that a silence names, whether it holds now or not. */
  List<AlarmStory> named(ActiveSilence silence) {
    return book.all().stream()
        .filter(alarm -> alarm.open() && silence.matches(labels(alarm)))
        .toList();
  }

  private SilenceView view(ActiveSilence silence) {
    return Views.silence(silence, clock.millis(), named(silence).size());
  }

  private Labels labels(AlarmStory alarm) {
    return Views.labels(alarm, runs.apply(alarm.run()));
  }
}
