package io.gradwatch.console.model;

import io.gradwatch.console.api.RunDetail.AttemptView;
import io.gradwatch.console.api.SeriesPage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The curves of one attempt of a run. */
final class AttemptCurves {
  /** Names beyond it are left out: a trainer may report a series of a new name at every step. */
  static final int MOST_SERIES = 24;

  static final String LOSS = "loss";
  static final String GRAD_NORM = "grad_norm";
  static final String CLIP_THRESHOLD = "clip_threshold";
  static final String ADVISED_THRESHOLD = "advised_threshold";

  private final int attempt;
  private final Map<String, Curve> curves = new TreeMap<>();
  private long firstStep = -1;
  private long lastStep = -1;
  private long newestEvent = -1;
  private long startedAt;
  private long updatedAt;

  AttemptCurves(int attempt) {
    this.attempt = attempt;
  }

  int attempt() {
    return attempt;
  }

  long lastStep() {
    return lastStep;
  }

  /** Whether events told of its steps, so that nothing need stand in for them. */
  boolean hasSteps() {
    return newestEvent >= 0;
  }

  /** Begins a step that an event tells of; false when it, or a later one, was there already. */
  boolean beginStep(long step) {
    if (step <= newestEvent) {
      return false;
    }
    if (!hasSteps()) {
      // What stood in for the events is a part of what they tell.
      curves.remove(LOSS);
      curves.remove(GRAD_NORM);
    }
    newestEvent = step;
    return true;
  }

  /** Something was heard of a step. */
  void heard(long step, long emittedAt) {
    if (firstStep < 0 || step < firstStep) {
      firstStep = step;
    }
    lastStep = Math.max(lastStep, step);
    startedAt = startedAt == 0 ? emittedAt : Math.min(startedAt, emittedAt);
    updatedAt = Math.max(updatedAt, emittedAt);
  }

  void add(String name, long step, @Nullable Double value) {
    if (value != null) {
      Curve curve = curves.get(name);
      if (curve == null) {
        if (curves.size() == MOST_SERIES) {
          return;
        }
        curve = new Curve();
        curves.put(name, curve);
      }
      curve.add(step, value);
    }
  }

  Set<String> names() {
    return curves.keySet();
  }

  List<@Nullable Float> trend(String name, int points, boolean largest) {
    Curve curve = curves.get(name);
    return curve == null ? List.of() : curve.trend(points, largest);
  }

  AttemptView view() {
    return new AttemptView(attempt, Math.max(0, firstStep), lastStep, startedAt, updatedAt);
  }

  SeriesPage.AttemptSeries series(Set<String> names, long from, long to, int points) {
    Map<String, SeriesPage.Curve> views = new LinkedHashMap<>();
    curves.forEach(
        (name, curve) -> {
          if (names.contains(name)) {
            views.put(name, curve.view(from, to, points));
          }
        });
    return new SeriesPage.AttemptSeries(attempt, views);
  }
}
