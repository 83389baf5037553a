package io.gradwatch.console.model;

import io.gradwatch.console.api.HistogramPage;
import io.gradwatch.records.StepCompleted;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is large about a run: heat maps and histograms of its newest attempt. */
final class RunDetails {
  /** Steps that pass before memory is asked for again: who has none must not ask at every step. */
  private static final int PATIENCE_STEPS = 200;

  private final RunStory owner;
  private final Map<LayerKind, LayerGrid> grids = new EnumMap<>(LayerKind.class);
  private @Nullable HistogramStrip histograms;
  private int patience;

  RunDetails(RunStory owner) {
    this.owner = owner;
  }

  void take(long step, StepCompleted body, DetailBudget budget) {
    patience = Math.max(0, patience - 1);
    add(LayerKind.GRADIENT, step, body.getLayerGradNorms(), budget);
    add(LayerKind.WEIGHT, step, body.getLayerWeightNorms(), budget);
    add(LayerKind.UPDATE, step, body.getLayerUpdateNorms(), budget);
    add(LayerKind.ZEROS, step, body.getLayerZeroFractions(), budget);
    if (body.getHistogram() != null) {
      HistogramStrip strip = histograms;
      if (strip == null && mayTake(HistogramStrip.BYTES, budget)) {
        strip = new HistogramStrip();
        histograms = strip;
      }
      if (strip != null) {
        strip.add(step, body.getHistogram());
      }
    }
  }

  private void add(LayerKind kind, long step, @Nullable List<Float> values, DetailBudget budget) {
    if (values == null || values.isEmpty()) {
      return;
    }
    LayerGrid grid = grids.get(kind);
    if (grid == null || grid.layers() != values.size()) {
      long had = grid == null ? 0 : LayerGrid.bytes(grid.layers());
      long more = Math.max(0, LayerGrid.bytes(values.size()) - had);
      if (!mayTake(more, budget)) {
        return;
      }
      grid = new LayerGrid(values.size());
      grids.put(kind, grid);
    }
    grid.add(step, values);
  }

  private boolean mayTake(long bytes, DetailBudget budget) {
    if (patience > 0) {
      return false;
    }
    boolean may = budget.take(owner, bytes);
    patience = may ? 0 : PATIENCE_STEPS;
    return may;
  }

  /** Lets go of everything, for a new attempt or for a run that needs it more. */
  void forget(DetailBudget budget) {
    grids.clear();
    histograms = null;
    budget.give(owner);
  }

  @Nullable LayerGrid grid(LayerKind kind) {
    return grids.get(kind);
  }

  HistogramPage histograms() {
    return histograms == null
        ? new HistogramPage(List.of(), 0, List.of(), List.of(), List.of())
        : histograms.view();
  }
}
