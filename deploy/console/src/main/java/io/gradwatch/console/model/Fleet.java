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
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.Silence;
import io.gradwatch.records.TrainingEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All runs and alarms that are known, in bounded memory. Safe for use by several threads: one that
 * applies records, many that ask.
 */
public final class Fleet {
  private final InstantSource clock;
  private final DetailBudget details;
  private final AlarmBook alarms;
  private final Remarks remarks = new Remarks();
  private final AlarmDesk desk;
  private final IncidentBook incidents = new IncidentBook();
  private final RunBook runs;
  private final RunDesk runDesk;
  private long generation;
  private long silencesLookedAt;

  /**
   * @param limits bounds of its memory
   * @param clock by which silences begin and end
   */
  public Fleet(FleetLimits limits, InstantSource clock) {
    this.clock = clock;
    this.details = new DetailBudget(limits.detailBytes());
    this.runs = new RunBook(limits.runs(), details);
    this.alarms = new AlarmBook(limits.alarms());
    this.desk = new AlarmDesk(alarms, remarks, clock, runs::get);
    this.runDesk = new RunDesk(runs, alarms, desk);
    this.silencesLookedAt = clock.millis();
  }

  /** Takes an event of a project. */
  public synchronized void apply(String project, TrainingEvent event) {
    change(new RunKey(project, event.getRunId())).take(event, details);
  }

  /** Takes statistics. */
  public synchronized void apply(RunStatistics record) {
    change(new RunKey(record.getProject(), record.getRunId())).take(record);
  }

  /**
   * Takes advice.
   *
   * @param record null: the advice is withdrawn
   */
  public synchronized void apply(String project, String run, @Nullable ClipRecommendation record) {
    RunKey key = new RunKey(project, run);
    if (record != null || knows(key)) {
      change(key).take(record);
    }
  }

  /** Takes a record of an alarm. */
  public synchronized void apply(DivergenceAlarm record) {
    AlarmStory alarm = alarms.take(record);
    if (alarm != null) {
      change(alarm.run()).alarmed(record.getEmittedAt());
      alarms.touch(alarm, generation);
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
    return runs.forgotten();
  }

  /** Grows with every change. */
  public synchronized long generation() {
    return generation;
  }

  /** Whether there is such a run. */
  public synchronized boolean knows(RunKey key) {
    return runs.get(key) != null;
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
    return runDesk.page(query, offset, limit, generation);
  }

  /** The runs that changed after a generation, by when each did; for those who follow. */
  public synchronized Map<RunKey, Long> changedRuns(long since) {
    return runs.changedSince(since);
  }

  /** How many runs there are in each state. */
  public synchronized Map<RunState, Integer> counts() {
    return runDesk.counts(generation);
  }

  /** Every run, without sparklines; for those who follow. */
  public synchronized List<RunRow> outlines() {
    return runs.all().stream().map(runDesk::outline).toList();
  }

  /** A run's row without sparklines; null when there is no such run. */
  public synchronized @Nullable RunRow outline(RunKey key) {
    RunStory run = runs.get(key);
    return run == null ? null : runDesk.outline(run);
  }

  /** A run's row; null when there is no such run. */
  public synchronized @Nullable RunRow row(RunKey key) {
    RunStory run = runs.get(key);
    return run == null ? null : runDesk.row(run);
  }

  /** When a run last changed; 0 when there is no such run. */
  public synchronized long changed(RunKey key) {
    return runs.changed(key);
  }

  /** The alarms that changed after a generation, those first that changed first. */
  public synchronized List<Change<AlarmView>> changedAlarms(long since, int most) {
    return alarms.changedSince(since, most).stream()
        .map(alarm -> new Change<>(alarm.changed(), desk.view(alarm)))
        .toList();
  }

  /** Everything about a run but its curves; null when there is no such run. */
  public synchronized @Nullable RunDetail run(RunKey key) {
    RunStory run = runs.get(key);
    return run == null ? null : runDesk.detail(run);
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
    RunStory run = runs.get(key);
    return run == null ? null : runDesk.series(run, names, from, to, points);
  }

  /** A value of each layer over the steps; null when there is no such run. */
  public synchronized @Nullable LayerMap layers(RunKey key, LayerKind kind) {
    RunStory run = runs.get(key);
    return run == null ? null : runDesk.layers(run, kind);
  }

  /** Histograms of a run; null when there is no such run. */
  public synchronized @Nullable HistogramPage histograms(RunKey key) {
    RunStory run = runs.get(key);
    return run == null ? null : run.histograms();
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

  private RunStory change(RunKey key) {
    generation++;
    return runs.change(key, generation);
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
    if (knows(alarm.run())) {
      runs.change(alarm.run(), generation);
    }
    alarms.touch(alarm, generation);
  }
}
