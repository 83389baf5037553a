package io.gradwatch.traces;

import io.gradwatch.records.TrainingEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One recorded training, read event by event: RunStarted, then for each row what it says
 * (StepCompleted, EvaluationCompleted after it), RunEnded last. A recording without rows has no
 * events. Not for use by two threads at once.
 */
public interface RecordedRun extends AutoCloseable {

  /** Run id of every event: the file's name without its extension. */
  String runId();

  /**
   * The next event; it belongs to the caller.
   *
   * @return null when the recording is read to its end
   * @throws TraceFormatException when the recording says something that cannot be read; the events
   *     before that place have been returned
   */
  @Nullable TrainingEvent next() throws IOException;

  /** Share of the file's bytes read so far, 0 to 1; read ahead in blocks, so an estimate. */
  double progress();

  @Override
  void close() throws IOException;
}
