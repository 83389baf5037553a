package io.gradwatch.console.routing.notice;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request.
 *
 * @param kind what
 * @param reason why not, for a log; blank when it was taken
 * @param reference what the target calls the message; blank: nothing
 * @param retryAfter how long the target asks to be left alone; null: it does not
 */
public record Outcome(Kind kind, String reason, String reference, @Nullable Duration retryAfter) {
  /** Ways it can end. */
  public enum Kind {
    /** The target took it. */
    DELIVERED,
    /** The target is away or busy: soon again. */
    RETRY,
    /** The target does not take this message: it waits, others may go. */
    REJECTED,
    /** The target takes nothing as it is set up: somebody has to mend that. */
    REFUSED
  }

  /** Taken. */
  public static Outcome delivered(String reference) {
    return new Outcome(Kind.DELIVERED, "", reference, null);
  }

  /** Not taken. */
  public static Outcome failed(Kind kind, String reason) {
    return new Outcome(kind, reason, "", null);
  }

  /** Whether the target took it. */
  public boolean isDelivered() {
    return kind == Kind.DELIVERED;
  }
}
