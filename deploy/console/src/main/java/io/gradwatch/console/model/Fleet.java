package io.gradwatch.console.model;

import io.gradwatch.console.api.AlarmDetail;
import io.gradwatch.console.api.AlarmPage;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.FleetPage;
import io.gradwatch.console.api.HistogramPage;
import io.gradwatch.console.api.IncidentView;
import io.gradwatch.console.api.LayerMap;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.api.SeriesPage;
import io.gradwatch.console.api.SilencePage;
import io.gradwatch.console.api.SilenceView;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Resolution;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.Silence;
import io.gradwatch.records.TrainingEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All runs and alarms that are known, in bounded memory. Safe for use by several threads: one that
 * applies records, many that ask.
 */
public final class Fleet {
  private static final int MOST_INCIDENTS = 1_000;
  private static final int MOST_LAYER_NAMES = 1_024;
  private static final int MOST_ALARMS_OF_A_RUN = 100;

  private final FleetLimits limits;
  private final InstantSource clock;
  private final DetailBudget details;
  private final AlarmBook alarms;
  private final Remarks remarks = new Remarks();
  private final Map<RunKey, RunEntry> runs = new LinkedHashMap<>();
  private final Map<String, FleetIncident> incidents = new LinkedHashMap<>();
  private final Map<String, Long> alarmChanges = new LinkedHashMap<>(16, 0.75f, true);
  private long generation;
  private long silencesLookedAt;

  /** A run, and when it last changed. */
  private static final class RunEntry {
    private final RunStory story;
    private long changed;

    RunEntry(RunStory story) {
      this.story = story;
    }
  }

  /**
   * @param limits bounds of its memory
   * @param clock by which silences begin and end
   */
  public Fleet(FleetLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.details = new DetailBudget(limits.detailBytes());
    this.alarms = new AlarmBook(limits.alarms());
    this.silencesLookedAt = clock.millis();
  }

  /** Takes an event of a project. */
  public synchronized void apply(String project, TrainingEvent event) {
    entry(new RunKey(project, event.getRunId())).story.take(event, details);
  }

  /** Takes statistics. */
  public synchronized void apply(RunStatistics record) {
    entry(new RunKey(record.getProject(), record.getRunId())).story.take(record, details);
  }

  /**
   * Takes advice.
   *
   * @param record null: the advice is withdrawn
   */
  public synchronized void apply(String project, String run, @Nullable ClipRecommendation record) {
    RunKey key = new RunKey(project, run);
    if (record != null || runs.containsKey(key)) {
      entry(key).story.take(record, details);
    }
  }

  /** Takes a record of an alarm. */
  public synchronized void apply(DivergenceAlarm record) {
    AlarmStory alarm = alarms.take(record);
    if (alarm != null) {
      changed(alarm);
    }
  }

  /** Takes a record of an incident. */
  public synchronized void apply(FleetIncident record) {
    FleetIncident known = incidents.get(record.getIncidentId());
    if (known == null || known.getRevision() < record.getRevision()) {
      incidents.remove(record.getIncidentId());
      incidents.put(record.getIncidentId(), record);
      if (incidents.size() > MOST_INCIDENTS) {
        incidents.remove(incidents.keySet().iterator().next());
      }
    }
  }

  /** Takes what somebody said of an alarm. */
  public synchronized void apply(Acknowledgement record) {
    remarks.take(record);
    remarked(record.getAlarmId());
  }

  /** Takes a judgement. */
  public synchronized void apply(Judgement record) {
    remarks.take(record);
    remarked(record.getAlarmId());
  }

  /** Takes a silence. */
  public synchronized void apply(Silence record) {
    ActiveSilence before = remarks.silence(record.getSilenceId());
    remarks.take(record);
    touchMatching(before);
    touchMatching(remarks.silence(record.getSilenceId()));
  }

  /** Notes which alarms silences that began or ended since the last call make change. */
  public synchronized void passTime() {
    long now = clock.millis();
    for (ActiveSilence silence : remarks.silences()) {
      if (silence.holdsAt(now) != silence.holdsAt(silencesLookedAt)) {
        touchMatching(silence);
      }
    }
    silencesLookedAt = now;
  }

  /** Grows with every change. */
  public synchronized long generation() {
    return generation;
  }

  /** Whether there is such a run. */
  public synchronized boolean knows(RunKey key) {
    return runs.containsKey(key);
  }

  /** Runs known. */
  public synchronized int size() {
    return runs.size();
  }

  /** Alarms that are open and nobody silenced or looks after. */
  public synchronized int unattended() {
    return (int)
        alarms.all().stream()
            .filter(AlarmStory::open)
            .filter(alarm -> view(alarm).status() == AlarmStatus.OPEN)
            .count();
  }

  /**
   * Runs of a query.
   *
   * @param offset place of the first to tell
   * @param limit most to tell
   */
  public synchronized FleetPage fleet(FleetQuery query, int offset, int limit) {
    Map<RunState, Integer> counts = new EnumMap<>(RunState.class);
    for (RunState state : RunState.values()) {
      counts.put(state, 0);
    }
    Set<String> projects = new TreeSet<>();
    List<RunRow> rows = new ArrayList<>();
    for (RunEntry entry : runs.values()) {
      projects.add(entry.story.key().project());
      RunRow row = row(entry.story);
      if (query.takes(row)) {
        counts.merge(row.state(), 1, Integer::sum);
        if (query.takesState(row)) {
          rows.add(row);
        }
      }
    }
    rows.sort(query.comparator());
    return new FleetPage(
        rows.size(), offset, generation, counts, List.copyOf(projects), page(rows, offset, limit));
  }

  /** The runs that changed after a generation, by when each did; for those who follow. */
  public synchronized Map<RunKey, Long> changedRuns(long since) {
    Map<RunKey, Long> changed = new LinkedHashMap<>();
    runs.forEach(
        (key, entry) -> {
          if (entry.changed > since) {
            changed.put(key, entry.changed);
          }
        });
    return changed;
  }

  /** How many runs there are in each state. */
  public synchronized Map<RunState, Integer> counts() {
    return fleet(FleetQuery.all(), 0, 0).counts();
  }

  /** A run's row; null when there is no such run. */
  public synchronized @Nullable RunRow row(RunKey key) {
    RunEntry entry = runs.get(key);
    return entry == null ? null : row(entry.story);
  }

  /** The alarms that changed after a generation, oldest change first. */
  public synchronized List<AlarmView> changedAlarms(long since) {
    List<AlarmView> changed = new ArrayList<>();
    for (String id : List.copyOf(alarmChanges.keySet())) {
      AlarmStory alarm = alarms.get(id);
      Long at = alarmChanges.get(id);
      if (alarm != null && at != null && at > since) {
        changed.add(view(alarm));
      }
    }
    return changed;
  }

  /** Everything about a run but its curves; null when there is no such run. */
  public synchronized @Nullable RunDetail run(RunKey key) {
    RunEntry entry = runs.get(key);
    if (entry == null) {
      return null;
    }
    RunStory run = entry.story;
    RunStarted started = run.started();
    List<String> layers = started == null ? List.of() : started.getLayerNames();
    List<AlarmStory> ofRun = alarms.of(key);
    List<AlarmView> newest = new ArrayList<>();
    for (int i = ofRun.size() - 1; i >= 0 && newest.size() < MOST_ALARMS_OF_A_RUN; i--) {
      newest.add(view(ofRun.get(i)));
    }
    return new RunDetail(
        row(run),
        layers.subList(0, Math.min(layers.size(), MOST_LAYER_NAMES)),
        layers.size(),
        started == null ? 1 : started.getWorldSize(),
        started == null ? "UNKNOWN" : started.getClipMode().name(),
        started == null ? null : started.getClipThreshold(),
        started == null ? "PRE_CLIP" : started.getNormStage().name(),
        run.attempts().stream().map(AttemptCurves::view).toList(),
        run.checkpoints(),
        List.copyOf(run.seriesNames()),
        run.statistics() == null ? null : AvroMaps.of(run.statistics()),
        run.advice() == null ? null : AvroMaps.of(run.advice()),
        newest,
        Views.overflow(run, ofRun));
  }

  /**
   * Curves of a run; null when there is no such run.
   *
   * @param names which
   * @param from first step
   * @param to last step
   * @param points most stretches of each
   */
  public synchronized @Nullable SeriesPage series(
      RunKey key, Set<String> names, long from, long to, int points) {
    RunEntry entry = runs.get(key);
    return entry == null
        ? null
        : new SeriesPage(
            key.project(),
            key.run(),
            entry.story.attempts().stream()
                .map(attempt -> attempt.series(names, from, to, points))
                .toList());
  }

  /** A value of each layer over the steps; null when there is no such run. */
  public synchronized @Nullable LayerMap layers(RunKey key, LayerKind kind) {
    RunEntry entry = runs.get(key);
    return entry == null
        ? null
        : LayerMaps.view(
            kind,
            entry.story.grid(kind),
            entry.story.started(),
            alarms.of(key).stream()
                .map(AlarmStory::newest)
                .filter(alarm -> alarm.getAttempt() == entry.story.attempt())
                .toList());
  }

  /** Histograms of a run; null when there is no such run. */
  public synchronized @Nullable HistogramPage histograms(RunKey key) {
    RunEntry entry = runs.get(key);
    return entry == null ? null : entry.story.histograms();
  }

  /** Alarms of a query, newest first. */
  public synchronized AlarmPage alarms(AlarmQuery query, int offset, int limit) {
    Map<AlarmStatus, Integer> counts = new EnumMap<>(AlarmStatus.class);
    for (AlarmStatus status : AlarmStatus.values()) {
      counts.put(status, 0);
    }
    List<AlarmView> views = new ArrayList<>();
    for (AlarmStory alarm : alarms.all()) {
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
    return new AlarmPage(views.size(), offset, counts, page(views, offset, limit));
  }

  /** An alarm as it stands; null when there is none of this id. */
  public synchronized @Nullable AlarmView alarmView(String id) {
    AlarmStory alarm = alarms.get(id);
    return alarm == null ? null : view(alarm);
  }

  /** An alarm with its history; null when there is none of this id. */
  public synchronized @Nullable AlarmDetail alarm(String id) {
    AlarmStory alarm = alarms.get(id);
    if (alarm == null) {
      return null;
    }
    long now = clock.millis();
    List<SilenceView> silences =
        remarks.matching(labels(alarm), now).stream()
            .map(silence -> Views.silence(silence, now, matching(silence)))
            .toList();
    return new AlarmDetail(view(alarm), alarm.history(), silences);
  }

  /** The newest record of an alarm; null when there is none of this id. */
  public synchronized @Nullable DivergenceAlarm alarmRecord(String id) {
    AlarmStory alarm = alarms.get(id);
    return alarm == null ? null : alarm.newest();
  }

  /**
   * Silences: those that hold first, then those to come, then those that ended.
   *
   * @param states ACTIVE, PENDING, EXPIRED; empty: any
   */
  public synchronized SilencePage silences(Set<String> states, int offset, int limit) {
    long now = clock.millis();
    List<SilenceView> views = new ArrayList<>();
    for (ActiveSilence silence : remarks.silences()) {
      SilenceView view = Views.silence(silence, now, matching(silence));
      if (states.isEmpty() || states.contains(view.state())) {
        views.add(view);
      }
    }
    List<String> order = List.of("ACTIVE", "PENDING", "EXPIRED");
    views.sort(
        Comparator.comparingInt((SilenceView view) -> order.indexOf(view.state()))
            .thenComparing(Comparator.comparingLong(SilenceView::createdAt).reversed()));
    return new SilencePage(views.size(), offset, page(views, offset, limit));
  }

  /** The record of a silence; null when there is none of this id. */
  public synchronized @Nullable Silence silenceRecord(String id) {
    ActiveSilence silence = remarks.silence(id);
    return silence == null ? null : silence.record();
  }

  /** A silence; null when there is none of this id. */
  public synchronized @Nullable SilenceView silence(String id) {
    ActiveSilence silence = remarks.silence(id);
    return silence == null ? null : Views.silence(silence, clock.millis(), matching(silence));
  }

  /** Incidents, newest first. */
  public synchronized List<IncidentView> incidents(int offset, int limit) {
    List<FleetIncident> newest = new ArrayList<>(incidents.values());
    newest.sort(Comparator.comparingLong(FleetIncident::getOpenedAt).reversed());
    return page(newest, offset, limit).stream().map(Views::incident).toList();
  }

  /** Open incidents. */
  public synchronized int openIncidents() {
    return (int)
        incidents.values().stream()
            .filter(incident -> incident.getState() != AlarmState.RESOLVED)
            .count();
  }

  /** Labels that a backtest reads, from the judgements of a project. */
  public synchronized Map<String, Map<String, Object>> labels(String project) {
    return Labelling.of(
        remarks.judgements().stream()
            .filter(judgement -> judgement.getProject().equals(project))
            .toList());
  }

  private RunEntry entry(RunKey key) {
    RunEntry entry = runs.get(key);
    if (entry == null) {
      if (runs.size() >= limits.runs()) {
        letGoOfOne();
      }
      entry = new RunEntry(new RunStory(key));
      runs.put(key, entry);
    }
    entry.changed = ++generation;
    return entry;
  }

  private void letGoOfOne() {
    RunStory victim =
        runs.values().stream().map(entry -> entry.story).min(RunStory.FIRST_TO_GO).orElse(null);
    if (victim != null) {
      victim.forgetDetails(details);
      runs.remove(victim.key());
    }
  }

  private void remarked(String id) {
    AlarmStory alarm = alarms.get(id);
    if (alarm != null) {
      changed(alarm);
    }
  }

  private void touchMatching(@Nullable ActiveSilence silence) {
    if (silence != null) {
      for (AlarmStory alarm : List.copyOf(alarms.all())) {
        if (alarm.open() && silence.matches(labels(alarm))) {
          changed(alarm);
        }
      }
    }
  }

  private void changed(AlarmStory alarm) {
    entry(alarm.run());
    alarmChanges.put(alarm.newest().getAlarmId(), generation);
    if (alarmChanges.size() > limits.alarms()) {
      alarmChanges.remove(alarmChanges.keySet().iterator().next());
    }
  }

  private RunRow row(RunStory run) {
    List<AlarmView> telling = new ArrayList<>();
    for (AlarmStory alarm : alarms.of(run.key())) {
      if (alarm.open() || alarm.newest().getResolution() == Resolution.RUN_ENDED) {
        telling.add(view(alarm));
      }
    }
    return Views.row(run, telling);
  }

  private AlarmView view(AlarmStory alarm) {
    RunEntry run = runs.get(alarm.run());
    String id = alarm.newest().getAlarmId();
    return Views.alarm(
        alarm,
        run == null ? null : run.story,
        remarks.acknowledgement(id),
        remarks.judgement(id),
        alarm.open() ? remarks.matching(labels(alarm), clock.millis()) : List.of());
  }

  private Labels labels(AlarmStory alarm) {
    RunEntry run = runs.get(alarm.run());
    return Views.labels(alarm, run == null ? null : run.story);
  }

  private int matching(ActiveSilence silence) {
    return (int)
        alarms.all().stream()
            .filter(alarm -> alarm.open() && silence.matches(labels(alarm)))
            .count();
  }

  private static <T> List<T> page(List<T> all, int offset, int limit) {
    int from = Math.min(offset, all.size());
    return List.copyOf(all.subList(from, (int) Math.min((long) from + limit, all.size())));
  }
}
