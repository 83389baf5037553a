package io.gradwatch.console.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of each layer over the steps of the newest attempt, for a heat map.
 *
 * @param kind gradient, weight, update or zeros
 * @param layers name of each row: a layer, or "first .. last" of neighbours that share a row
 * @param firstLayers index of the first layer of each row
 * @param steps first step of each column, rising
 * @param values by row, then column: the largest value there; null when none was reported; NaN or
 *     Infinity where one was
 * @param onsets layers of alarms, in the order in which they started
 */
public record LayerMap(
    String kind,
    List<String> layers,
    List<Integer> firstLayers,
    List<Long> steps,
    List<List<@Nullable Float>> values,
    List<Onset> onsets) {

  /**
   * A layer that started.
   *
   * @param row its row
   * @param layer its name
   * @param step step at which it started
   * @param order 1 for the first of its alarm
   * @param alarm the alarm
   */
  public record Onset(int row, String layer, long step, int order, String alarm) {}
}
