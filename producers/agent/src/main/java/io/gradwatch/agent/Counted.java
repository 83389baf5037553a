package io.gradwatch.agent;

import java.util.Locale;

/** Numbers of things in words for people. */
public final class Counted {
  private Counted() {}

  /**
   * Such as "1 run", "0 runs" and "1,234 runs".
   *
   * @param noun for one; more of them take an s at its end
   */
  public static String of(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** Such as "once" and "1,234 times". */
  public static String times(long number) {
    return number == 1 ? "once" : of(number, "time");
  }
}
