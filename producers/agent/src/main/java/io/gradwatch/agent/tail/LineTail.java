package io.gradwatch.agent.tail;

import io.gradwatch.traces.Field;
import io.gradwatch.traces.RunProgress;
import io.gradwatch.traces.TraceFormatException;
import io.gradwatch.traces.TraceRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows a log of lines.
 *
 * <p>Content that begins anew may be a training that began anew, or the same rows written once more
 * (a CSV logger that gets a new column writes its whole file again). It is taken for the latter
 * where the first row is the same and the content is not shorter than what was read before: then it
 * is read on from the state in which the content before began, so that its rows belong to the
 * attempts they belonged to, and change nothing.
 */
final class LineTail implements RunTail, Lines {
  private static final long NO_ROW = 0;
  private static final int LINES_AT_ONCE = 4_096;

  private final String runId;
  private final String source;
  private final String name;
  private final LineFormat format;
  private final Outlet outlet;
  private final LogFile log;
  private final RunFeed feed;
  private RunProgress base;
  private long firstRow;
  private boolean contentIsNew;
  private boolean mayBeRepeated;
  private @Nullable String runInside;

  /**
   * @param name of the file among the run's positions
   * @param block {@link LogFile#LONGEST_LINE} bytes, shared by tails of one thread
   */
  LineTail(
      String runId,
      Path file,
      String name,
      LineFormat format,
      RunPosition position,
      byte[] block,
      Outlet outlet)
      throws IOException {
    this.runId = runId;
    this.source = file.toString();
    this.name = name;
    this.format = format;
    this.outlet = outlet;
    FileMark mark = position.files().getOrDefault(name, FileMark.NONE);
    this.log = new LogFile(file, mark, block);
    this.feed = new RunFeed(runId, position.progress(), outlet);
    this.base = position.base();
    this.firstRow = position.firstRow();
    this.contentIsNew = firstRow == NO_ROW;
    if (!position.memory().isEmpty()) {
      recall(position.memory());
    }
  }

  private void recall(String memory) throws IOException {
    try {
      format.recall(memory, source);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IOException("the positions of run '" + runId + "' are damaged: " + memory, e);
    }
  }

  @Override
  public String runId() {
    return runId;
  }

  @Override
  public boolean look(boolean last) throws IOException {
    return log.look(this, LINES_AT_ONCE, last);
  }

  @Override
  public RunPosition position() {
    return new RunPosition(
        Map.of(name, log.mark()),
        feed.progress(),
        base,
        contentIsNew ? NO_ROW : firstRow,
        format.memory());
  }

  @Override
  public void begin(long size, long before) {
    contentIsNew = true;
    mayBeRepeated = size >= before;
    format.begin();
  }

  @Override
  public void line(String text, long number) {
    try {
      format.read(text, source, number, row -> accept(row, number));
    } catch (TraceFormatException e) {
      outlet.bad(source, e.getMessage());
    }
  }

  @Override
  public boolean rest(String text, long number) {
    if (!format.isWhole(text)) {
      return false;
    }
    line(text, number);
    return true;
  }

  @Override
  public void tooLong(long number) {
    outlet.bad(
        source,
        "%s: line %d: longer than %,d bytes; allowed: at most that"
            .formatted(source, number, LogFile.LONGEST_LINE));
  }

  private void accept(TraceRow row, long number) {
    if (!isOfThisRun(row, number)) {
      return;
    }
    if (contentIsNew) {
      contentIsNew = false;
      long digest = row.digest() == NO_ROW ? 1 : row.digest();
      if (mayBeRepeated && digest == firstRow) {
        feed.returnTo(base);
      } else {
        base = feed.progress();
        firstRow = digest;
      }
    }
    feed.accept(row);
  }

  private boolean isOfThisRun(TraceRow row, long number) {
    String run = row.run();
    if (!row.says(Field.RUN) || run == null || run.equals(runInside)) {
      return true;
    }
    if (runInside == null) {
      runInside = run;
      return true;
    }
    outlet.bad(
        source,
        TraceFormatException.value(
                source, number, "run", run, "'" + runInside + "' as before: a log is of one run")
            .getMessage());
    return false;
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
