package io.gradwatch.lab.throughput;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of a contest. A ratio is taken within a round, where both ran under the same
 * conditions, and its median over the rounds.
 */
final class Tally {
  private final String base;
  private final List<Map<String, HeatResult>> rounds = new ArrayList<>();

  /**
   * Without rounds yet.
   *
   * @param base whom the others are compared with
   */
  Tally(String base) {
    this.base = base;
  }

  /**
   * One more round.
   *
   * @param results of each entrant, in the order in which they are told
   * @throws IllegalArgumentException when others took part in the rounds before, or not the base
   */
  void add(Map<String, HeatResult> results) {
    Set<String> expected = rounds.isEmpty() ? results.keySet() : rounds.get(0).keySet();
    if (!results.keySet().equals(expected) || !results.containsKey(base)) {
      throw new IllegalArgumentException(
          "in this round ran %s, must be %s and among them %s"
              .formatted(results.keySet(), expected, base));
    }
    rounds.add(new LinkedHashMap<>(results));
  }

  String base() {
    return base;
  }

  int rounds() {
    return rounds.size();
  }

  /** Who took part. */
  List<String> names() {
    return rounds.isEmpty() ? List.of() : List.copyOf(rounds.get(0).keySet());
  }

  /** Median of a figure over the rounds. */
  double median(String name, ToDoubleFunction<HeatResult> figure) {
    return median(rounds.stream().mapToDouble(round -> of(round, name, figure)).toArray());
  }

  /** Median over the rounds of the figure's ratio to the base's in the same round. */
  double medianRatio(String name, ToDoubleFunction<HeatResult> figure) {
    return median(
        rounds.stream()
            .mapToDouble(round -> of(round, name, figure) / of(round, base, figure))
            .toArray());
  }

  private static double of(
      Map<String, HeatResult> round, String name, ToDoubleFunction<HeatResult> figure) {
    HeatResult result = round.get(name);
    if (result == null) {
      throw new IllegalArgumentException(name + " did not run, only " + round.keySet());
    }
    return figure.applyAsDouble(result);
  }

  /** The middle one, or the mean of the two in the middle; NaN of none. */
  private static double median(double[] values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
