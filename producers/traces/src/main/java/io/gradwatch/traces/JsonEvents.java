package io.gradwatch.traces;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.gradwatch.records.TrainingEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a live stream of JSON lines, each a row of one of any number of runs, such as
 *
 * <pre>{"run":"a","step":7,"loss":2.1,"grad_norm":0.4,"learning_rate":0.001,"clip_threshold":null}
 * </pre>
 *
 * <p>The first line of a run also gives its RunStarted. Keeps a few numbers for each run, also when
 * a line said that it ended: it may resume. Not for use by two threads at once.
 */
public final class JsonEvents {
  private final String source;
  private final Map<String, RunEvents> runs = new HashMap<>();
  private long line;

  /**
   * @param source name of the stream, for messages
   */
  public JsonEvents(String source) {
    this.source = source;
  }

  /**
   * The events of the next line, in their order; none for a blank line.
   *
   * @throws TraceFormatException when the line cannot be read; the stream may go on after it
   */
  public List<TrainingEvent> read(String text) throws TraceFormatException {
    line++;
    if (text.isBlank()) {
      return List.of();
    }
    TraceRow row = row(text);
    if (row.run == null || row.run.isBlank()) {
      throw TraceFormatException.missing(source, line, "run", "the run's name");
    }
    List<TrainingEvent> events = new ArrayList<>(3);
    RunEvents run = runs.computeIfAbsent(row.run, RunEvents::new);
    run.accept(row, events::add);
    return events;
  }

  private TraceRow row(String text) throws TraceFormatException {
    String json = text.charAt(0) == '\uFEFF' ? text.substring(1) : text;
    try (JsonParser parser = JsonRows.FACTORY.createParser(json)) {
      TraceRow row = new JsonRows(source, parser, line - 1).next();
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
