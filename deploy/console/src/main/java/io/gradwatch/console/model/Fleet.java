package io.gradwatch.console.model;

import io.gradwatch.console.api.AlarmDetail;
import io.gradwatch.console.api.AlarmPage;
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
  private static final int MOST_LAYER_NAMES = 1_024;
  private static final int MOST_ALARMS_OF_A_RUN = 100;

  private final FleetLimits limits;
  private final InstantSource clock;
  private final DetailBudget details;
  private final AlarmBook alarms;
  private final Remarks remarks = new Remarks();
  private final AlarmDesk desk;
  private final IncidentBook incidents = new IncidentBook();
  private final Map<RunKey, RunEntry> runs = new LinkedHashMap<>();
  private long generation;
  private long forgotten;
  private long silencesLookedAt;
  private Map<RunState, Integer> counts = Map.of();
  private long countsOf = -1;

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
    this.desk = new AlarmDesk(alarms, remarks, clock, this::story);
    this.silencesLookedAt = clock.millis();
  }

  /** Takes an event of a project. */
  public synchronized void apply(String project, TrainingEvent event) {
    entry(new RunKey(project, event.getRunId())).story.take(event, details);
  }

  /** Takes statistics. */
  public synchronized void apply(RunStatistics record) {
    entry(new RunKey(record.getProject(), record.getRunId())).story.take(record);
  }

  /**
   * Takes advice.
   *
   * @param record null: the advice is withdrawn
   */
  public synchronized void apply(String project, String run, @Nullable ClipRecommendation record) {
    RunKey key = new RunKey(project, run);
    if (record != null || runs.containsKey(key)) {
      entry(key).story.take(record);
    }
  }

  /** Takes a record of an alarm. */
  public synchronized void apply(DivergenceAlarm record) {
    AlarmStory alarm = alarms.take(record);
    if (alarm != null) {
      RunEntry run = entry(alarm.run());
      run.story.alarmed(record.getEmittedAt());
      alarms.touch(alarm, run.changed);
    }
  }

  /** Takes a record of an incident. */
  public synchronized void apply(FleetIncident record) {
    incidents.take(record);
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

  /** Grows whenever a run is let go of. */
  public synchronized long forgotten() {
    return forgotten;
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
    return desk.unattended();
  }

  /**
   * Runs of a query.
   *
   * @param offset place of the first to tell
   * @param limit most to tell
   */
  public synchronized FleetPage fleet(FleetQuery query, int offset, int limit) {
    Map<RunState, Integer> states = none();
    Set<String> projects = new TreeSet<>();
    List<RunRow> rows = new ArrayList<>();
    for (RunEntry entry : runs.values()) {
      projects.add(entry.story.key().project());
      RunRow row = row(entry.story, false);
      if (query.takes(row)) {
        states.merge(row.state(), 1, Integer::sum);
        if (query.takesState(row)) {
          rows.add(row);
        }
      }
    }
    rows.sort(query.comparator());
    List<RunRow> told = new ArrayList<>();
    for (RunRow row : Part.of(rows, offset, limit)) {
      RunEntry entry = runs.get(new RunKey(row.project(), row.run()));
      if (entry != null) {
        told.add(row(entry.story, true));
      }
    }
    return new FleetPage(rows.size(), offset, generation, states, List.copyOf(projects), told);
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
    if (countsOf != generation) {
      Map<RunState, Integer> states = none();
      for (RunEntry entry : runs.values()) {
        states.merge(row(entry.story, false).state(), 1, Integer::sum);
      }
      counts = states;
      countsOf = generation;
    }
    return new EnumMap<>(counts);
  }

  /** Every run, without sparklines; for those who follow. */
  public synchronized List<RunRow> outlines() {
    return runs.values().stream().map(entry -> row(entry.story, false)).toList();
  }

  /** A run's row without sparklines; null when there is no such run. */
  public synchronized @Nullable RunRow outline(RunKey key) {
    RunEntry entry = runs.get(key);
    return entry == null ? null : row(entry.story, false);
  }

  /** A run's row; null when there is no such run. */
  public synchronized @Nullable RunRow row(RunKey key) {
    RunEntry entry = runs.get(key);
    return entry == null ? null : row(entry.story, true);
  }

  /** When a run last changed; 0 when there is no such run. */
  public synchronized long changed(RunKey key) {
    RunEntry entry = runs.get(key);
    return entry == null ? 0 : entry.changed;
  }

  /** The alarms that changed after a generation, those first that changed first. */
  public synchronized List<Change<AlarmView>> changedAlarms(long since, int most) {
    return alarms.changedSince(since, most).stream()
        .map(alarm -> new Change<>(alarm.changed(), desk.view(alarm)))
        .toList();
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
      newest.add(desk.view(ofRun.get(i)));
    }
    return new RunDetail(
        row(run, true),
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
            LayerMaps.naming(alarms.of(key), entry.story.attempt()));
  }

  /** Histograms of a run; null when there is no such run. */
  public synchronized @Nullable HistogramPage histograms(RunKey key) {
    RunEntry entry = runs.get(key);
    return entry == null ? null : entry.story.histograms();
  }

  /** Alarms of a query, newest first. */
  public synchronized AlarmPage alarms(AlarmQuery query, int offset, int limit) {
    return desk.page(query, offset, limit);
  }

  /** An alarm as it stands; null when there is none of this id. */
  public synchronized @Nullable AlarmView alarmView(String id) {
    AlarmStory alarm = alarms.get(id);
    return alarm == null ? null : desk.view(alarm);
  }

  /** An alarm with its history; null when there is none of this id. */
  public synchronized @Nullable AlarmDetail alarm(String id) {
    return desk.detail(id);
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
    return desk.silences(states, offset, limit);
  }

  /** The record of a silence; null when there is none of this id. */
  public synchronized @Nullable Silence silenceRecord(String id) {
    return desk.silenceRecord(id);
  }

  /** A silence; null when there is none of this id. */
  public synchronized @Nullable SilenceView silence(String id) {
    return desk.silence(id);
  }

  /** Incidents, newest first. */
  public synchronized List<IncidentView> incidents(int offset, int limit) {
    return incidents.page(offset, limit);
  }

  /** Open incidents. */
  public synchronized int openIncidents() {
    return incidents.open();
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
      forgotten++;
      generation++;
    }
  }

  private void remarked(String id) {
    AlarmStory alarm = alarms.get(id);
    if (alarm != null) {
      touch(alarm);
    }
  }

  private void touchMatching(@Nullable ActiveSilence silence) {
    if (silence != null) {
      desk.named(silence).forEach(this::touch);
    }
  }

  /** An alarm looks otherwise, and so does its run, unless that was let go of. */
  private void touch(AlarmStory alarm) {
    generation++;
    RunEntry run = runs.get(alarm.run());
    if (run != null) {
      run.changed = generation;
    }
    alarms.touch(alarm, generation);
  }

  private @Nullable RunStory story(RunKey key) {
    RunEntry entry = runs.get(key);
    return entry == null ? null : entry.story;
  }

  private RunRow row(RunStory run, boolean trends) {
    List<AlarmView> telling = new ArrayList<>();
    for (AlarmStory alarm : alarms.of(run.key())) {
      if (alarm.open() || alarm.newest().getResolution() == Resolution.RUN_ENDED) {
        telling.add(desk.view(alarm));
      }
    }
    return Views.row(run, telling, trends);
  }

  private static Map<RunState, Integer> none() {
    Map<RunState, Integer> counts = new EnumMap<>(RunState.class);
    for (RunState state : RunState.values()) {
      counts.put(state, 0);
    }
    return counts;
  }
}
