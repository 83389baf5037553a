package io.gradwatch.traces;

import io.gradwatch.records.RunOutcome;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the word in a row's {@code event} column stands for. Any other word is a remark for people.
 */
public enum RowEvent {
  NONE,
  /** The run says again who it is. */
  START,
  /** The run resumed: a new attempt, unless the row's own attempt already says so. */
  RESUME,
  /** A checkpoint was saved after the row's step. */
  CHECKPOINT,
  HEARTBEAT,
  END,
  COMPLETED,
  FAILED,
  CANCELLED,
  PREEMPTED;

  static RowEvent of(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "start", "started" -> START;
      case "resume", "resumed", "restart" -> RESUME;
      case "checkpoint" -> CHECKPOINT;
      case "heartbeat" -> HEARTBEAT;
      case "end", "ended" -> END;
      case "completed" -> COMPLETED;
      case "failed" -> FAILED;
      case "cancelled" -> CANCELLED;
      case "preempted" -> PREEMPTED;
      default -> NONE;
    };
  }

  /** How the run ended with this event; null when it did not. */
  @Nullable RunOutcome outcome() {
    return switch (this) {
      case END -> RunOutcome.UNKNOWN;
      case COMPLETED -> RunOutcome.COMPLETED;
      case FAILED -> RunOutcome.FAILED;
      case CANCELLED -> RunOutcome.CANCELLED;
      case PREEMPTED -> RunOutcome.PREEMPTED;
      default -> null;
    };
  }
}
