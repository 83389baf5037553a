package io.gradwatch.traces;

import io.gradwatch.records.TrainingEvent;
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
    TraceRow row = JsonLine.read(text, source, line, FieldNames.exact(), true);
    if (row.run == null || row.run.isBlank()) {
      throw TraceFormatException.missing(source, line, "run", "the run's name");
    }
    List<TrainingEvent> events = new ArrayList<>(3);
    RunEvents run = runs.computeIfAbsent(row.run, RunEvents::new);
    run.accept(row, events::add);
    return events;
  }
}
