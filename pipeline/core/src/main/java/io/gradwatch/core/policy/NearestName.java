package io.gradwatch.core.policy;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The known name that somebody who wrote an unknown one may have meant. */
public final class NearestName {
  private NearestName() {}

  /** "; did you mean x?", or "; known are a, b, c" when nothing is near. */
  public static String suggestion(String unknown, Collection<String> known) {
    String nearest = of(unknown, known);
    if (nearest != null) {
      return "; did you mean " + nearest + "?";
    }
    return known.isEmpty() ? "" : "; known are " + String.join(", ", known);
  }

  /** The nearest; null when none is near. */
  static @Nullable String of(String unknown, Collection<String> known) {
    String nearest = "";
    int least = Integer.MAX_VALUE;
    for (String name : known) {
      int edits = edits(unknown.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (edits < least) {
        least = edits;
        nearest = name;
      }
    }
    return least <= Math.max(2, nearest.length() / 3) ? nearest : null;
  }

  /** Fewest characters to insert, delete or replace (Levenshtein 1966). */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
