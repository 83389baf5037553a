package io.gradwatch.console.routing.targets;

import io.gradwatch.console.routing.delivery.Sender;
import io.gradwatch.console.routing.http.HttpMessage;
import io.gradwatch.console.routing.http.RefusedAddressException;
import io.gradwatch.console.routing.http.TargetClient;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.notice.Outcome.Kind;
import java.io.IOException;
import java.time.Clock;

/**
 * Tells a target over HTTP.
 *
 * @param format its words
 * @param client reaches it
 * @param clock when it is told
 */
public record HttpSender(TargetFormat format, TargetClient client, Clock clock) implements Sender {
  @Override
  public Outcome send(Dispatch dispatch) {
    HttpMessage message = format.message(dispatch, clock.instant());
    if (message == null) {
      return format.taken(dispatch);
    }
    try {
      return format.outcome(dispatch, client.post(message));
    } catch (RefusedAddressException e) {
      return Outcome.failed(Kind.REFUSED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Outcome.failed(
          Kind.RETRY, "no answer (" + e.getClass().getSimpleName() + "): " + e.getMessage());
    }
  }
}
