package io.gradwatch.core.alarm;

import java.util.Locale;

/** Sentences for people, the same in every locale. */
public final class Words {
  private Words() {}

  /** A number as a person reads it: four significant digits. */
  public static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  /** A sentence from a format and its parts. */
  public static String sentence(String format, Object... parts) {
    return String.format(Locale.ROOT, format, parts);
  }
}
