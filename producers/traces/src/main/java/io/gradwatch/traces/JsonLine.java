package io.gradwatch.traces;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads a line of JSON as a row. */
public final class JsonLine {
  private JsonLine() {}

  /**
   * The row that a line says.
   *
   * @param text one object, not blank
   * @param source where it stands, for messages
   * @param line its number there, from 1
   * @param stepNeeded whether a line without a step is an error
   * @throws TraceFormatException when it is no such object
   */
  public static TraceRow read(
      String text, String source, long line, FieldNames names, boolean stepNeeded)
      throws TraceFormatException {
    String json = text.charAt(0) == '\uFEFF' ? text.substring(1) : text;
    try (JsonParser parser = JsonRows.FACTORY.createParser(json)) {
      TraceRow row = new JsonRows(source, parser, line - 1, names, stepNeeded).next();
      if (row == null) {
        throw new TraceFormatException(source, line, "nothing but a byte order mark");
      }
      if (parser.nextToken() != null) {
        throw new TraceFormatException(
            source, line, "found more after the object; allowed: one JSON object a line");
      }
      return row;
    } catch (JsonProcessingException e) {
      throw JsonSource.malformed(source, line, e);
    } catch (TraceFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // text in memory
    }
  }
}
