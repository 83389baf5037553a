package io.gradwatch.traces;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the {@code trainer_state.json} of Transformers: a JSON object whose {@code log_history} is
 * an array of rows, written anew as a whole with every checkpoint.
 */
public final class LogHistory {
  private LogHistory() {}

  /**
   * The rows, in their order; none where the file has no history.
   *
   * @throws TraceFormatException when the file cannot be read to its end
   */
  public static List<TraceRow> read(Path file, FieldNames names) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = JsonRows.FACTORY.createParser(in)) {
      List<TraceRow> rows = new ArrayList<>();
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken value = parser.nextToken();
        if (name.equals("log_history") && value == JsonToken.START_ARRAY) {
          readArray(new JsonRows(file.toString(), parser, 0, names, true), rows);
        } else {
          parser.skipChildren();
        }
      }
      return rows;
    } catch (JsonProcessingException e) {
      throw JsonSource.malformed(file.toString(), e.getLocation().getLineNr(), e);
    }
  }

  private static void readArray(JsonRows history, List<TraceRow> rows) throws IOException {
    TraceRow row = history.nextOfArray();
    while (row != null) {
      rows.add(row);
      row = history.nextOfArray();
    }
  }
}
