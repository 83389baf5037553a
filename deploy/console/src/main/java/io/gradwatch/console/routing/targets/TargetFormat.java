package io.gradwatch.console.routing.targets;

import io.gradwatch.console.routing.http.HttpMessage;
import io.gradwatch.console.routing.http.HttpReply;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How one target wants to be told. No network: words in, words out. */
public interface TargetFormat {
  /** The request; null: there is nothing to say, and the target counts as told. */
  @Nullable HttpMessage message(Dispatch dispatch, Instant now);

  /** What an answer means. */
  default Outcome outcome(Dispatch dispatch, HttpReply reply) {
    return Replies.outcome(reply, "");
  }

  /**
   * What it means that a message went without an answer: there was nothing to say, or a dry run.
   */
  default Outcome taken(Dispatch dispatch) {
    return Outcome.delivered("");
  }
}
