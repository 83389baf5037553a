package io.gradwatch.traces;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.gradwatch.schemas.Limits;
import io.gradwatch.schemas.RunIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of any number of runs that came together, in the words of {@link JsonEvents}: read, and
 * within the bounds of the wire contract, but not yet judged in the light of the rows before. For
 * one use by {@link LiveRuns}.
 */
public final class JsonBatch {
  private static final String SOURCE = "batch";
  private static final String RUN = "run";
  private static final String LAYER_NAMES = "layer_names";
  private static final String METRICS = "metrics";

  /** Of the length of a text, before it. */
  private static final int LENGTH_BYTES = 2;

  /** What is left of an event for them; the rest of a RunStarted takes a few hundred bytes. */
  private static final int MOST_NAMES_BYTES = Limits.MAX_RECORD_BYTES - 4_096;

  /** How the objects follow each other. */
  public enum Form {
    /** One object, or an array of objects. */
    JSON,
    /** One object after the other, as a rule each on a line of its own. */
    LINES
  }

  private final List<TraceRow> rows = new ArrayList<>();
  private final int mostRows;
  private final long receivedAt;
  private boolean whole = true;

  private JsonBatch(int mostRows, long receivedAt) {
    this.mostRows = mostRows;
    this.receivedAt = receivedAt;
  }

  /**
   * Reads a batch.
   *
   * @param json UTF-8
   * @param mostRows how many rows are read
   * @param receivedAt {@code emitted_at} of rows that do not tell theirs, in ms since 1970
   * @throws RefusedRowException when one of them cannot be read
   */
  public static JsonBatch read(byte[] json, Form form, int mostRows, long receivedAt)
      throws RefusedRowException {
    JsonBatch batch = new JsonBatch(mostRows, receivedAt);
    try (JsonParser parser = JsonRows.FACTORY.createParser(json)) {
      batch.read(parser, form);
    } catch (TraceFormatException e) {
      throw new RefusedRowException(batch.rows.size(), e);
    } catch (JsonProcessingException e) {
      throw new RefusedRowException(
          batch.rows.size(),
          "no JSON at line %d, column %d: %s"
              .formatted(
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                  TraceFormatException.printable(e.getOriginalMessage())));
    } catch (IOException e) { // in memory: bytes that are no text
      throw new RefusedRowException(
          batch.rows.size(), TraceFormatException.printable(String.valueOf(e.getMessage())));
    }
    return batch;
  }

  /** How many rows were read. */
  public int size() {
    return rows.size();
  }

  /** False when there are more rows than were to be read. */
  public boolean isWhole() {
    return whole;
  }

  List<TraceRow> rows() {
    return rows;
  }

  /** In ms since 1970. */
  long receivedAt() {
    return receivedAt;
  }

  private void read(JsonParser parser, Form form) throws IOException {
    JsonRows reader = new JsonRows(SOURCE, parser, 0);
    JsonToken first = parser.nextToken();
    if (form == Form.LINES) {
      for (JsonToken token = first; token != null && hasRoom(); token = parser.nextToken()) {
        add(reader);
      }
      return;
    }
    if (first == null) {
      throw new TraceFormatException(
          SOURCE, "found nothing; allowed: a JSON object, or an array of them");
    }
    if (first == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY && hasRoom()) {
        add(reader);
      }
    } else {
      add(reader);
    }
    if (whole && parser.nextToken() != null) {
      throw new TraceFormatException(
          SOURCE, "found more after its end; allowed: one JSON object, or one array of them");
    }
  }

  private boolean hasRoom() {
    whole = rows.size() < mostRows;
    return whole;
  }

  private void add(JsonRows reader) throws IOException {
    TraceRow row = reader.row();
    long line = reader.line();
    checkRun(row.run, line);
    checkNames(row, line);
    checkArrays(row, line);
    if (!row.said.contains(Field.EMITTED_AT)) {
      row.emittedAt = receivedAt;
    }
    rows.add(row);
  }

  private static void checkRun(@Nullable String run, long line) throws TraceFormatException {
    if (run == null) {
      throw TraceFormatException.missing(SOURCE, line, RUN, "the run's id, 1 to 256 bytes");
    }
    try {
      RunIds.check(run);
    } catch (IllegalArgumentException e) {
      throw TraceFormatException.value(
          SOURCE, line, RUN, run, "1 to " + Limits.MAX_NAME_BYTES + " bytes that show");
    }
  }

  private static void checkArrays(TraceRow row, long line) throws TraceFormatException {
    checkArray("layer_grad_norms", row.step.getLayerGradNorms(), line);
    checkArray("layer_weight_norms", row.step.getLayerWeightNorms(), line);
    checkArray("layer_update_norms", row.step.getLayerUpdateNorms(), line);
    checkArray("layer_zero_fractions", row.step.getLayerZeroFractions(), line);
  }

  private static void checkArray(String field, @Nullable List<Float> values, long line)
      throws TraceFormatException {
    if (values != null && values.size() > Limits.MAX_LAYERS) {
      throw tooMany(line, field, values.size() + " values", Limits.MAX_LAYERS);
    }
  }

  private static void checkNames(TraceRow row, long line) throws TraceFormatException {
    List<String> layers = row.layerNames == null ? List.of() : row.layerNames;
    if (layers.size() > Limits.MAX_LAYERS) {
      throw tooMany(line, LAYER_NAMES, layers.size() + " names", Limits.MAX_LAYERS);
    }
    int bytes = 0;
    for (String name : layers) {
      bytes += checkName(LAYER_NAMES, name, line) + LENGTH_BYTES;
    }
    if (bytes > MOST_NAMES_BYTES) {
      throw TraceFormatException.value(
          SOURCE,
          line,
          LAYER_NAMES,
          bytes + " bytes",
          "names that take at most " + MOST_NAMES_BYTES + " bytes together");
    }
    checkMetrics(row.step.getMetrics().keySet(), line);
    checkMetrics(row.evaluation.getMetrics().keySet(), line);
  }

  private static void checkMetrics(Set<String> names, long line) throws TraceFormatException {
    if (names.size() > Limits.MAX_METRICS) {
      throw tooMany(line, METRICS, names.size() + " series", Limits.MAX_METRICS);
    }
    for (String name : names) {
      checkName(METRICS, name, line);
    }
  }

  /** Its bytes. */
  private static int checkName(String field, String name, long line) throws TraceFormatException {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.MAX_NAME_BYTES) {
      throw TraceFormatException.value(
          SOURCE, line, field, name, "names of at most " + Limits.MAX_NAME_BYTES + " bytes");
    }
    return bytes;
  }

  private static TraceFormatException tooMany(long line, String field, String found, int most) {
    return TraceFormatException.value(SOURCE, line, field, found, "at most " + most);
  }
}
