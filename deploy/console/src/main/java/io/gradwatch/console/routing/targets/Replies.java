package io.gradwatch.console.routing.targets;

import io.gradwatch.console.routing.http.HttpReply;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.notice.Outcome.Kind;

/** What the status of an answer means, for all targets alike. */
final class Replies {
  private static final int MOST_QUOTED = 200;

  private Replies() {}

  /**
   * The meaning of an answer.
   *
   * @param reference what the target calls the message, where it took it
   */
  static Outcome outcome(HttpReply reply, String reference) {
    if (reply.isSuccess()) {
      return Outcome.delivered(reference);
    }
    int status = reply.status();
    Kind kind;
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      kind = Kind.RETRY;
    } else if (status == 400 || status == 409 || status == 413 || status == 422) {
      kind = Kind.REJECTED;
    } else {
      kind = Kind.REFUSED;
    }
    return new Outcome(kind, reason(reply), "", reply.retryAfter());
  }

  private static String reason(HttpReply reply) {
    String said = AlarmText.clean(reply.body()).strip();
    String quoted = said.length() > MOST_QUOTED ? said.substring(0, MOST_QUOTED) + "…" : said;
    String status =
        reply.status() >= 300 && reply.status() < 400
            ? reply.status() + ", a redirect, which is never followed"
            : Integer.toString(reply.status());
    return quoted.isEmpty() ? "it answered " + status : "it answered " + status + ": " + quoted;
  }
}
