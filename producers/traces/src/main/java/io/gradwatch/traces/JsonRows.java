package io.gradwatch.traces;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.gradwatch.schemas.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON objects as rows. Fields are named as columns are. Values per layer come as {@code
 * layer_names} with {@code layer_grad_norms} and its like (arrays), or as fields {@code
 * grad_norm/NAME}; series of other names as fields or in an object {@code metrics}. Null is not
 * reported; NaN and infinities come as bare words or strings.
 */
final class JsonRows {
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  private final String source;
  private final JsonParser parser;
  private final long linesBefore;
  private final FieldNames names;
  private final boolean stepNeeded;

  /** Numbers of this row, where names of other tools are understood. */
  private RowBuilder numbers;

  /**
   * @param linesBefore lines of the source before the parser's first
   */
  JsonRows(String source, JsonParser parser, long linesBefore) {
    this(source, parser, linesBefore, FieldNames.exact(), true);
  }

  /**
   * @param linesBefore lines of the source before the parser's first
   * @param stepNeeded whether a row without a step is an error
   */
  JsonRows(
      String source, JsonParser parser, long linesBefore, FieldNames names, boolean stepNeeded) {
    this.source = source;
    this.parser = parser;
    this.linesBefore = linesBefore;
    this.names = names;
    this.stepNeeded = stepNeeded;
    this.numbers = new RowBuilder(names);
  }

  /** Line of the newest token, from 1. */
  long line() {
    return linesBefore + parser.currentTokenLocation().getLineNr();
  }

  /** The next object of an array; null at its end. */
  @Nullable TraceRow nextOfArray() throws IOException {
    JsonToken first = parser.nextToken();
    return first == null || first == JsonToken.END_ARRAY ? null : row();
  }

  /** The next object; null at the end. */
  @Nullable TraceRow next() throws IOException {
    return parser.nextToken() == null ? null : row();
  }

  /** The object that begins with the parser's token. */
  TraceRow row() throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw problem(
          "found '"
              + TraceFormatException.printable(parser.getText())
              + "'; allowed: a JSON object a line");
    }
    TraceRow row = new TraceRow();
    if (!names.isStrict()) {
      numbers = new RowBuilder(names);
    }
    JsonLayers layers = new JsonLayers();
    String name = parser.nextFieldName();
    while (name != null) {
      parser.nextToken();
      field(name, row, layers);
      name = parser.nextFieldName();
    }
    numbers.addTo(row);
    if (stepNeeded && !row.said.contains(Field.STEP)) {
      throw TraceFormatException.missing(source, line(), "step", "an integer from 0 to 2^53");
    }
    String wrong = layers.finish(row);
    if (wrong != null) {
      throw problem(wrong);
    }
    return row;
  }

  private void field(String name, TraceRow row, JsonLayers layers) throws IOException {
    Field field = names.field(name);
    LayerSeries array = LayerSeries.ofArray(name);
    LayerSeries series = LayerSeries.ofColumn(name);
    if (field != null) {
      if (field.isText()) {
        text(name, field, row);
      } else if (names.isStrict()) {
        number(name, field, row);
      } else {
        lenientNumber(name);
      }
    } else if (array != null) {
      array(name, array, layers);
    } else if (series != null) {
      layers.put(series, series.layerName(name), number(name));
    } else if (name.equals("layer_names")) {
      layers.name(names(name));
    } else if (name.equals("metrics") && parser.currentToken() == JsonToken.START_OBJECT) {
      inside("", row, layers);
    } else if (!names.isStrict() && parser.currentToken() == JsonToken.START_OBJECT) {
      inside(name + "/", row, layers);
    } else {
      metric(name, row);
    }
  }

  /** Fields of an object inside the row. */
  private void inside(String prefix, TraceRow row, JsonLayers layers) throws IOException {
    String name = parser.nextFieldName();
    while (name != null) {
      parser.nextToken();
      if (names.isStrict()) {
        metric(name, row);
      } else {
        field(prefix + name, row, layers);
      }
      name = parser.nextFieldName();
    }
  }

  private void number(String name, Field field, TraceRow row) throws IOException {
    Double value = number(name);
    if (value == null) {
      return;
    }
    String objection = field.objection(value);
    if (objection != null) {
      throw value(name, objection);
    }
    if (row.said.contains(field)) {
      throw value(name, "each value under one name only, and this one came before under another");
    }
    row.set(field, value);
  }

  /** A value under one of several names of its field. */
  private void lenientNumber(String name) throws IOException {
    if (parser.currentToken().isStructStart()) {
      parser.skipChildren();
      return;
    }
    Double value = number(name);
    String objection = value == null ? null : numbers.put(name, value);
    if (objection != null) {
      throw value(name, objection);
    }
  }

  private void text(String name, Field field, TraceRow row) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      row.set(field, parser.getText());
    } else if (names.isStrict()
        && field != Field.IGNORED
        && parser.currentToken() != JsonToken.VALUE_NULL) {
      throw value(name, "a string or nothing");
    } else {
      parser.skipChildren();
    }
  }

  /** A series of another name; what is not a number is passed over. */
  private void metric(String name, TraceRow row) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> addMetric(name, parser.getDoubleValue(), row);
      case VALUE_STRING -> {
        try {
          addMetric(name, NumberText.parse(parser.getText()), row);
        } catch (NumberFormatException e) {
          return; // a remark for people
        }
      }
      default -> parser.skipChildren();
    }
  }

  private void addMetric(String name, double value, TraceRow row) throws IOException {
    if (!names.isStrict()) {
      numbers.put(name, value);
      return;
    }
    row.metric(name, value);
    row.scaledNorm |= name.equals(Field.UNSCALED_NORM);
    if (row.step.getMetrics().size() > Limits.MAX_METRICS) {
      throw problem("more than " + Limits.MAX_METRICS + " series of other names");
    }
  }

  private void array(String name, LayerSeries series, JsonLayers layers) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw value(name, "an array of numbers, one for each layer, or nothing");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      layers.append(series, number(name));
    }
  }

  private List<String> names(String name) throws IOException {
    List<String> names = new ArrayList<>();
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw value(name, "an array of layer names");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw value(name, "an array of layer names");
      }
      names.add(parser.getText());
    }
    return names;
  }

  /** The number under the parser; null when it is not reported. */
  private @Nullable Double number(String name) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> 1.0;
      case VALUE_FALSE -> 0.0;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_STRING -> {
        try {
          yield NumberText.parse(parser.getText());
        } catch (NumberFormatException e) {
          throw value(name, NumberText.ALLOWED);
        }
      }
      default -> throw value(name, NumberText.ALLOWED);
    };
  }

  private TraceFormatException value(String name, String allowed) throws IOException {
    return TraceFormatException.value(source, line(), name, parser.getText(), allowed);
  }

  private TraceFormatException problem(String text) {
    return new TraceFormatException(source, line(), text);
  }
}
