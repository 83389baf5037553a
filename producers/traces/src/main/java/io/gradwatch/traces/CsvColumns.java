package io.gradwatch.traces;

import io.gradwatch.schemas.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each column of a CSV recording holds, from its header. */
final class CsvColumns {
  /**
   * One column. Exactly one of field and series is set; both null: a series of any other name, or
   * nothing when unnamed.
   */
  record Column(String name, @Nullable Field field, @Nullable LayerSeries series, int layer) {
    static Column ofMetric(String name) {
      return new Column(name, null, null, 0);
    }

    boolean isMetric() {
      return field == null && series == null && !name.isEmpty();
    }
  }

  private final String source;
  private final long line;
  private final FieldNames names;
  private final List<Column> columns = new ArrayList<>();
  private final Map<String, Integer> layers = new LinkedHashMap<>();

  /** Reads the header, which is the row the cells hold. */
  CsvColumns(CsvCells header, String source, long linesBefore, FieldNames names)
      throws TraceFormatException {
    this.source = source;
    this.line = linesBefore + header.line();
    this.names = names;
    Map<String, Integer> seen = new HashMap<>();
    Map<Field, String> fields = new EnumMap<>(Field.class);
    for (int i = 0; i < header.count(); i++) {
      String name = header.cell(i);
      Integer earlier = name.isEmpty() ? null : seen.put(name, i);
      if (earlier != null) {
        throw problem(
            "column '%s' stands twice, as column %d and column %d"
                .formatted(TraceFormatException.printable(name), earlier + 1, i + 1));
      }
      columns.add(placed(column(name), fields));
    }
    if (!fields.containsKey(Field.STEP)) {
      throw problem(
          "no column 'step'; found "
              + TraceFormatException.printable(String.join(",", seen.keySet())));
    }
    checkLayers();
    if (columns.stream().filter(Column::isMetric).count() > Limits.MAX_METRICS) {
      if (!names.isStrict()) {
        passOverSurplus();
        return;
      }
      throw problem("more than " + Limits.MAX_METRICS + " series of other names");
    }
  }

  private void passOverSurplus() {
    int metrics = 0;
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).isMetric() && ++metrics > Limits.MAX_METRICS) {
        columns.set(i, Column.ofMetric(""));
      }
    }
  }

  /** The column as what it counts for, where another may stand for its field as well. */
  private Column placed(Column column, Map<Field, String> fields) throws TraceFormatException {
    Field field = column.field();
    String other = field == null ? null : fields.get(field);
    if (field == null || other == null) {
      if (field != null) {
        fields.put(field, column.name());
      }
      return column;
    }
    if (names.isStrict()) {
      throw problem(
          "columns '%s' and '%s' mean the same: keep one".formatted(other, column.name()));
    }
    if (names.prefers(other, column.name())) {
      return Column.ofMetric(column.name());
    }
    fields.put(field, column.name());
    columns.replaceAll(c -> c.name().equals(other) ? Column.ofMetric(other) : c);
    return column;
  }

  List<Column> all() {
    return columns;
  }

  /** Layer names in forward order: the order in which the columns name them first. */
  List<String> layerNames() {
    return List.copyOf(layers.keySet());
  }

  private Column column(String name) throws TraceFormatException {
    LayerSeries series = LayerSeries.ofColumn(name);
    checkLength(series == null ? name : series.layerName(name));
    if (series == null) {
      return new Column(name, names.field(name), null, 0);
    }
    String layer = series.layerName(name);
    if (layer.isEmpty()) {
      throw problem("column '" + name + "' names no layer");
    }
    Integer known = layers.putIfAbsent(layer, layers.size());
    return new Column(name, null, series, known == null ? layers.size() - 1 : known);
  }

  private void checkLength(String name) throws TraceFormatException {
    if (name.getBytes(StandardCharsets.UTF_8).length > Limits.MAX_NAME_BYTES) {
      throw problem(
          "column or layer '%s' has a name longer than %d bytes"
              .formatted(TraceFormatException.printable(name), Limits.MAX_NAME_BYTES));
    }
  }

  /** Arrays follow the layer names, so each series has every layer. */
  private void checkLayers() throws TraceFormatException {
    if (layers.size() > Limits.MAX_LAYERS) {
      throw problem(layers.size() + " layers; allowed: at most " + Limits.MAX_LAYERS);
    }
    for (LayerSeries series : LayerSeries.values()) {
      BitSet present = new BitSet(layers.size());
      columns.stream().filter(c -> c.series() == series).forEach(c -> present.set(c.layer()));
      int missing = present.nextClearBit(0);
      if (!present.isEmpty() && missing < layers.size()) {
        throw problem(
            "no column '%s': every layer series names the same layers"
                .formatted(series.column(layerNames().get(missing))));
      }
    }
  }

  private TraceFormatException problem(String text) {
    return new TraceFormatException(source, line, text);
  }
}
