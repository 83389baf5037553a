package io.gradwatch.traces;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the rows of one recording come from. */
interface RowSource extends Closeable {

  /** The next row; null at the end. */
  @Nullable TraceRow next() throws IOException;

  /** Line of the newest row, from 1. */
  long line();
}
