package io.gradwatch.console.model;

import io.gradwatch.console.api.LayerMap;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.ImplicatedLayer;
import io.gradwatch.records.RunStarted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes heat maps of what a grid holds. */
final class LayerMaps {
  private LayerMaps() {}

  /**
   * A heat map.
   *
   * @param grid null when nothing was reported, or there was no memory for it
   * @param started names the layers
   * @param alarms those whose layers are to be marked
   */
  static LayerMap view(
      LayerKind kind,
      @Nullable LayerGrid grid,
      @Nullable RunStarted started,
      List<DivergenceAlarm> alarms) {
    if (grid == null) {
      return new LayerMap(kind.lowerCase(), List.of(), List.of(), List.of(), List.of(), List.of());
    }
    List<String> names = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    List<List<@Nullable Float>> values = new ArrayList<>();
    List<String> layers = started == null ? List.of() : started.getLayerNames();
    for (int row = 0; row < grid.rows(); row++) {
      int first = grid.firstLayer(row);
      int last = (row + 1 < grid.rows() ? grid.firstLayer(row + 1) : grid.layers()) - 1;
      names.add(
          first == last ? name(layers, first) : name(layers, first) + " .. " + name(layers, last));
      firsts.add(first);
      values.add(grid.row(row));
    }
    return new LayerMap(
        kind.lowerCase(), names, firsts, grid.steps(), values, onsets(grid, alarms));
  }

  /**
   * The alarms of an attempt whose layers are worth marking: those that are open, and when none of
   * them names a layer the one that changed last of those that do, since people look into what
   * happened when it is over. That it is over comes without the layers.
   */
  static List<DivergenceAlarm> naming(Collection<AlarmStory> alarms, int attempt) {
    List<AlarmStory> named =
        alarms.stream()
            .filter(alarm -> alarm.telling().getAttempt() == attempt)
            .filter(alarm -> !alarm.telling().getLayers().isEmpty())
            .toList();
    List<DivergenceAlarm> open =
        named.stream().filter(AlarmStory::open).map(AlarmStory::telling).toList();
    return open.isEmpty()
        ? named.stream()
            .max(Comparator.comparingLong(AlarmStory::changed))
            .map(AlarmStory::telling)
            .stream()
            .toList()
        : open;
  }

  private static List<LayerMap.Onset> onsets(LayerGrid grid, List<DivergenceAlarm> alarms) {
    List<LayerMap.Onset> onsets = new ArrayList<>();
    for (DivergenceAlarm alarm : alarms) {
      int order = 1;
      for (ImplicatedLayer layer : alarm.getLayers()) {
        if (layer.getIndex() >= 0 && layer.getIndex() < grid.layers()) {
          onsets.add(
              new LayerMap.Onset(
                  grid.rowOf(layer.getIndex()),
                  layer.getName(),
                  layer.getOnsetStep(),
                  order++,
                  alarm.getAlarmId()));
        }
      }
    }
    return onsets;
  }

  private static String name(List<String> layers, int index) {
    return index < layers.size() ? layers.get(index) : "layer " + index;
  }
}
