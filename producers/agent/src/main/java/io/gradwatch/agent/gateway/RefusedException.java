package io.gradwatch.agent.gateway;

import io.gradwatch.traces.RefusedRowException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request is not taken; the message is for who asked. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** How long a client had better wait: the queue of a project that is at work is empty by then. */
  private static final String RETRY_AFTER_SECONDS = "1";

  private final Refusal refusal;
  private final @Nullable RefusedRowException row;
  private final @Nullable String allow;

  RefusedException(Refusal refusal, String message) {
    super(message);
    this.refusal = refusal;
    this.row = null;
    this.allow = null;
  }

  /** Not by this method. */
  RefusedException(String message, String allow) {
    super(message);
    this.refusal = Refusal.METHOD_NOT_ALLOWED;
    this.row = null;
    this.allow = allow;
  }

  RefusedException(RefusedRowException row) {
    super(row.getMessage(), row);
    this.refusal = Refusal.INVALID;
    this.row = row;
    this.allow = null;
  }

  Refusal refusal() {
    return refusal;
  }

  /** What else the answer says of it. */
  Map<String, String> headers() {
    if (allow != null) {
      return Map.of("Allow", allow);
    }
    if (refusal.isTemporary()) {
      return Map.of("Retry-After", RETRY_AFTER_SECONDS);
    }
    return refusal == Refusal.UNAUTHORIZED
        ? Map.of("WWW-Authenticate", "Bearer realm=\"gradwatch\"")
        : Map.of();
  }

  /** The row that is to blame; null where none is. */
  @Nullable RefusedRowException row() {
    return row;
  }
}
