package io.gradwatch.console.routing.notice;

/** Why a target is told of an alarm now. */
public enum Cause {
  /** It has not been told of it. */
  OPENED,
  /** The alarm is more severe than it was told. */
  ROSE,
  /** Nobody has acknowledged it for so long that it is told, or told again. */
  ESCALATED,
  /** Somebody looks after it. */
  ACKNOWLEDGED,
  /** It is still open, and the target forgets what it is not told again. */
  STILL_OPEN,
  /** It is open, but nobody wants to be told of it any more. */
  WITHDRAWN,
  /** It is over. */
  RESOLVED;

  /** Whether the target has nothing more to hear after this. */
  public boolean isEnd() {
    return this == RESOLVED || this == WITHDRAWN;
  }
}
