package io.gradwatch.console.routing.config;

import java.time.Duration;

/**
 * What is done about alarms of a kind, as in Cruise Control's notifier.
 *
 * @param action what
 * @param after for {@link Action#CHECK_AGAIN}: how long an alarm has to be open before it is told
 */
public record KindAnswer(Action action, Duration after) {
  /** Where nothing else is said. */
  public static final KindAnswer PAGE = new KindAnswer(Action.PAGE, Duration.ZERO);

  /** What can be done about an alarm. */
  public enum Action {
    /** It is told by the routes. */
    PAGE,
    /** Nobody is told. */
    IGNORE,
    /** It is told if it is still open after a while. */
    CHECK_AGAIN,
    /** It is told, and where acting is on, what it suggests is posted to who can do it. */
    ACT
  }
}
