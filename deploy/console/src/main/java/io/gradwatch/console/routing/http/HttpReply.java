package io.gradwatch.console.routing.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a target answered.
 *
 * @param status HTTP status
 * @param body the beginning of what it said, at most {@link TargetClient#MOST_BYTES}
 * @param retryAfter how long it asks to be left alone; null: it does not
 */
public record HttpReply(int status, String body, @Nullable Duration retryAfter) {
  /** Whether it took what it was sent. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
