package io.gradwatch.console.routing.notice;

/**
 * What targets call their messages, as the journal keeps it: a key, and whether the target knows
 * that somebody looks after it.
 */
public final class References {
  private static final String ACKNOWLEDGED = " acknowledged";

  private References() {}

  /** The key alone. */
  public static String key(String reference) {
    return isAcknowledged(reference)
        ? reference.substring(0, reference.length() - ACKNOWLEDGED.length())
        : reference;
  }

  /** The same, and that the target knows of an acknowledgement. */
  public static String acknowledged(String key) {
    return key + ACKNOWLEDGED;
  }

  /** Whether the target knows of an acknowledgement. */
  public static boolean isAcknowledged(String reference) {
    return reference.endsWith(ACKNOWLEDGED);
  }
}
