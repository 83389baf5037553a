package io.gradwatch.lab.throughput;

import io.gradwatch.lab.FlatJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a layer value costs as one measure of the fleet grows and the others stay. */
final class Growth {
  /** A measure that grows. */
  enum Axis {
    LAYERS("layers"),
    RUNS("runs"),
    PARALLELISM("parallelism");

    private final String field;

    Axis(String field) {
      this.field = field;
    }

    String field() {
      return field;
    }
  }

  private final List<Map<String, String>> lines = new ArrayList<>();

  /** Of lines that {@code throughput-grid} wrote. */
  Growth(List<String> json) throws IOException {
    for (String line : json) {
      lines.add(FlatJson.read(line));
    }
  }

  /** Where the other measures stay: the middle of those measured, for parallelism the least. */
  int fixed(Axis axis) {
    TreeSet<Integer> measured = new TreeSet<>();
    lines.forEach(line -> measured.add(place(line, axis)));
    List<Integer> sorted = List.copyOf(measured);
    return sorted.get(axis == Axis.PARALLELISM ? 0 : sorted.size() / 2);
  }

  /**
   * Nanoseconds of processor time a value, by job and what it reports, by the place on the axis.
   */
  Map<String, SortedMap<Integer, Double>> costs(Axis axis) {
    Map<String, SortedMap<Integer, Double>> costs = new TreeMap<>();
    for (Map<String, String> line : lines) {
      if (othersAreFixed(line, axis)) {
        costs
            .computeIfAbsent(line.get("job") + ", " + line.get("reported"), any -> new TreeMap<>())
            .put(place(line, axis), Double.valueOf(text(line, "cpu_ns_per_value")));
      }
    }
    return costs;
  }

  private boolean othersAreFixed(Map<String, String> line, Axis grows) {
    for (Axis axis : Axis.values()) {
      if (axis != grows && place(line, axis) != fixed(axis)) {
        return false;
      }
    }
    return true;
  }

  private static int place(Map<String, String> line, Axis axis) {
    return Integer.parseInt(text(line, axis.field()));
  }

  private static String text(Map<String, String> line, String field) {
    String value = line.get(field);
    if (value == null) {
      throw new IllegalArgumentException("a line has no " + field + ": " + line);
    }
    return value;
  }
}
