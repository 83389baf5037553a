package io.gradwatch.agent.tail;

import java.io.Closeable;
import java.io.IOException;

/** Follows the log of one run. Not for use by two threads at once. */
public interface RunTail extends Closeable {

  /** The run's id. */
  String runId();

  /**
   * Publishes what came since the last look, or a part of it.
   *
   * @param last true when there is no further look: what would wait for more is published, too
   * @return true when there may be more at once
   */
  boolean look(boolean last) throws IOException;

  /** Where it stands: everything before was published. */
  RunPosition position();

  /** Lets go of its files; the next look opens them again. */
  @Override
  void close() throws IOException;
}
