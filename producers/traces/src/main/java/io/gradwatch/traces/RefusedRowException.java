package io.gradwatch.traces;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A row of a batch cannot be taken. Its texts are safe for a terminal and of a bearable length. */
public final class RefusedRowException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int index;
  private final @Nullable String field;
  private final @Nullable String found;
  private final @Nullable String allowed;

  RefusedRowException(int index, String problem) {
    super(problem);
    this.index = index;
    this.field = null;
    this.found = null;
    this.allowed = null;
  }

  RefusedRowException(int index, TraceFormatException refusal) {
    super(refusal.problem(), refusal);
    TraceFormatException.BadValue value = refusal.badValue();
    this.index = index;
    this.field = value == null ? null : value.column();
    this.found = value == null ? null : value.found();
    this.allowed = value == null ? null : value.allowed();
  }

  /** Place of the row in its batch, from 0. */
  public int index() {
    return index;
  }

  /** The field that is not as it must be; null where the row as a whole is not. */
  public @Nullable String field() {
    return field;
  }

  /** What was found there; null where nothing was. */
  public @Nullable String found() {
    return found;
  }

  /** What is allowed there; null together with the field. */
  public @Nullable String allowed() {
    return allowed;
  }
}
