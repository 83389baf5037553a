package io.gradwatch.traces;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Rows of a JSONL recording. An object that the file's end tears is left out. */
final class JsonSource implements RowSource {
  private final String source;
  private final InputStream in;
  private final JsonRows rows;

  JsonSource(InputStream in, String source) throws IOException {
    this.source = source;
    this.in = in;
    this.rows = new JsonRows(source, JsonRows.FACTORY.createParser(in), 0);
  }

  static TraceFormatException malformed(String source, long line, JsonProcessingException e) {
    return new TraceFormatException(
        source, line, "no JSON: " + TraceFormatException.printable(e.getOriginalMessage()));
  }

  @Override
  public long line() {
    return rows.line();
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    try {
      return rows.next();
    } catch (JsonEOFException e) {
      return null;
    } catch (JsonProcessingException e) {
      throw malformed(source, e.getLocation().getLineNr(), e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
