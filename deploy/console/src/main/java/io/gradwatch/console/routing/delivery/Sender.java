package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Outcome;

/** Tells a target. May take as long as a request may. */
@FunctionalInterface
public interface Sender {
  /** Sends one message and says what became of it; throws nothing that has to do with a target. */
  Outcome send(Dispatch dispatch);
}
