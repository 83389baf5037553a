package io.gradwatch.agent.tail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Logs of one kind: where those of runs lie, and how one is followed. */
public interface LogSource {

  /**
   * A run that has a log.
   *
   * @param runId what it is called
   * @param path its file or folder
   */
  record Found(String runId, Path path) {}

  /** The runs that are there now, each time in the same order. */
  List<Found> find() throws IOException;

  /** Follows one of them from a position on. */
  RunTail follow(Found run, RunPosition position, Outlet outlet) throws IOException;
}
