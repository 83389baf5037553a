package io.gradwatch.traces;

import io.gradwatch.records.TrainingEvent;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A recorded run read from rows. */
final class RowRun implements RecordedRun {
  private final String source;
  private final String runId;
  private final RowSource rows;
  private final CountingStream bytes;
  private final RunEvents events;
  private final ArrayDeque<TrainingEvent> ready = new ArrayDeque<>();
  private @Nullable String runInside;
  private boolean read;

  /**
   * @param source name for messages
   * @param bytes the stream at the bottom of the rows
   */
  RowRun(String source, String runId, RowSource rows, CountingStream bytes) {
    this.source = source;
    this.runId = runId;
    this.rows = rows;
    this.bytes = bytes;
    this.events = new RunEvents(runId);
  }

  @Override
  public String runId() {
    return runId;
  }

  @Override
  public @Nullable TrainingEvent next() throws IOException {
    while (ready.isEmpty() && !read) {
      TraceRow row = row();
      if (row == null) {
        read = true;
        events.finish(ready::add);
      } else {
        checkRun(row.run);
        events.accept(row, ready::add);
      }
    }
    return ready.poll();
  }

  private @Nullable TraceRow row() throws IOException {
    try {
      return rows.next();
    } catch (EOFException | ZipException e) {
      throw new TraceFormatException(
          source, rows.line(), "the gzip data ends early or is damaged: " + e.getMessage());
    }
  }

  private void checkRun(@Nullable String run) throws TraceFormatException {
    if (run == null) {
      return;
    }
    if (runInside != null && !runInside.equals(run)) {
      throw TraceFormatException.value(
          source, rows.line(), "run", run, "'" + runInside + "' as before: a file holds one run");
    }
    runInside = run;
  }

  @Override
  public double progress() {
    return read ? 1 : bytes.share();
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
