package io.gradwatch.agent.tail;

import io.gradwatch.traces.RunProgress;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the tail of a run stands.
 *
 * @param files up to where each of its files was read, by path
 * @param progress what of the run was published
 * @param base what was published when the present content of its file began
 * @param firstRow digest of that content's first row; 0 before there was one
 * @param memory what the format must know of the lines before
 */
public record RunPosition(
    Map<String, FileMark> files,
    RunProgress progress,
    RunProgress base,
    long firstRow,
    String memory) {

  /** Nothing was read. */
  public static final RunPosition START =
      new RunPosition(Map.of(), RunProgress.START, RunProgress.START, 0, "");

  public RunPosition {
    files = Map.copyOf(new TreeMap<>(files));
  }

  /** The same in an attempt that is at least this: a higher one begins with the next row. */
  RunPosition inAttempt(int least) {
    return least <= progress.attempt()
        ? this
        : new RunPosition(
            files, progress.inAttempt(least), base.inAttempt(least), firstRow, memory);
  }
}
