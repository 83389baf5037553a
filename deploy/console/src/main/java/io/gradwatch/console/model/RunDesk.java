package io.gradwatch.console.model;

import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.FleetPage;
import io.gradwatch.console.api.LayerMap;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.api.SeriesPage;
import io.gradwatch.records.Resolution;
import io.gradwatch.records.RunStarted;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs together with their alarms, as people ask for them. */
final class RunDesk {
  private static final int MOST_LAYER_NAMES = 1_024;
  private static final int MOST_ALARMS_OF_A_RUN = 100;

  private final RunBook book;
  private final AlarmBook alarms;
  private final AlarmDesk alarmDesk;
  private Map<RunState, Integer> counts = Map.of();
  private long countsOf = -1;

  RunDesk(RunBook book, AlarmBook alarms, AlarmDesk alarmDesk) {
    this.book = book;
    this.alarms = alarms;
    this.alarmDesk = alarmDesk;
  }

  /** Runs of a query; sparklines only of those that are told. */
  FleetPage page(FleetQuery query, int offset, int limit, long generation) {
    Map<RunState, Integer> states = none();
    Set<String> projects = new TreeSet<>();
    List<RunRow> rows = new ArrayList<>();
    for (RunStory run : book.all()) {
      projects.add(run.key().project());
      RunRow row = outline(run);
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
      RunStory run = book.get(new RunKey(row.project(), row.run()));
      if (run != null) {
        told.add(row(run));
      }
    }
    return new FleetPage(rows.size(), offset, generation, states, List.copyOf(projects), told);
  }

  /** How many runs there are in each state, made once for each generation. */
  Map<RunState, Integer> counts(long generation) {
    if (countsOf != generation) {
      Map<RunState, Integer> states = none();
      for (RunStory run : book.all()) {
        states.merge(outline(run).state(), 1, Integer::sum);
      }
      counts = states;
      countsOf = generation;
    }
    return new EnumMap<>(counts);
  }

  /** Without sparklines. */
  RunRow outline(RunStory run) {
    return Views.row(run, telling(run), false);
  }

  RunRow row(RunStory run) {
    return Views.row(run, telling(run), true);
  }

  /** Everything about a run but its curves. */
  RunDetail detail(RunStory run) {
    RunStarted started = run.started();
    List<String> layers = started == null ? List.of() : started.getLayerNames();
    List<AlarmStory> ofRun = alarms.of(run.key());
    List<AlarmView> newest = new ArrayList<>();
    for (int i = ofRun.size() - 1; i >= 0 && newest.size() < MOST_ALARMS_OF_A_RUN; i--) {
      newest.add(alarmDesk.view(ofRun.get(i)));
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

  SeriesPage series(RunStory run, Set<String> names, long from, long to, int points) {
    return new SeriesPage(
        run.key().project(),
        run.key().run(),
        run.attempts().stream().map(attempt -> attempt.series(names, from, to, points)).toList());
  }

  LayerMap layers(RunStory run, LayerKind kind) {
    return LayerMaps.view(
        kind, run.grid(kind), run.started(), LayerMaps.naming(alarms.of(run.key()), run.attempt()));
  }

  private List<AlarmView> telling(RunStory run) {
    List<AlarmView> telling = new ArrayList<>();
    for (AlarmStory alarm : alarms.of(run.key())) {
      if (alarm.open() || alarm.newest().getResolution() == Resolution.RUN_ENDED) {
        telling.add(alarmDesk.view(alarm));
      }
    }
    return telling;
  }

  private static Map<RunState, Integer> none() {
    Map<RunState, Integer> counts = new EnumMap<>(RunState.class);
    for (RunState state : RunState.values()) {
      counts.put(state, 0);
    }
    return counts;
  }
}
