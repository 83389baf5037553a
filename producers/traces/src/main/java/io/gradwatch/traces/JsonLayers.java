package io.gradwatch.traces;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The layer values of one JSON object, whether they came as arrays or as one field a layer. */
final class JsonLayers {
  private final Map<String, Integer> names = new LinkedHashMap<>();
  private final float[][] values = new float[LayerSeries.COUNT][0];
  private final int[] counts = new int[LayerSeries.COUNT];
  private final boolean[] blank = new boolean[LayerSeries.COUNT];

  /** Takes the names; fields of single layers that came before keep their place. */
  void name(List<String> layerNames) {
    layerNames.forEach(this::index);
  }

  /** Takes one layer's value; null is not reported. */
  void put(LayerSeries series, String layer, @Nullable Double value) {
    put(series, index(layer), value);
  }

  /** Takes the next value of an array; null is not reported. */
  void append(LayerSeries series, @Nullable Double value) {
    put(series, counts[series.index()], value);
  }

  /** Puts what was told into the row; returns what is wrong with it, or null. */
  @Nullable String finish(TraceRow row) {
    if (!names.isEmpty()) {
      row.layerNames = List.copyOf(names.keySet());
    }
    for (LayerSeries series : LayerSeries.values()) {
      int count = counts[series.index()];
      if (count > 0 && !names.isEmpty() && count != names.size()) {
        return "layer series '%s' has %d values; allowed: %d, one for each layer named"
            .formatted(series.arrayName(), count, names.size());
      }
      if (count > 0 && !blank[series.index()]) {
        row.layers(series, values[series.index()], count);
      }
    }
    return null;
  }

  private int index(String layer) {
    Integer known = names.putIfAbsent(layer, names.size());
    return known == null ? names.size() - 1 : known;
  }

  private void put(LayerSeries series, int layer, @Nullable Double value) {
    int s = series.index();
    if (layer >= values[s].length) {
      values[s] = Arrays.copyOf(values[s], Math.max(16, 2 * layer));
    }
    values[s][layer] = value == null ? Float.NaN : LayerSeries.toFloat(value);
    blank[s] |= value == null;
    counts[s]++;
  }
}
