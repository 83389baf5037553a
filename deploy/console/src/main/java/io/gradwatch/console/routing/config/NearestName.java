package io.gradwatch.console.routing.config;

import java.util.Collection;
import java.util.Comparator;

/**
 * The known name that somebody who wrote an unknown one may have meant. The pipeline's core has the
 * same for policies: it depends on nothing, and nothing here on it.
 */
final class NearestName {
  private NearestName() {}

  /** "; did you mean x?", or "; known are a, b, c" when nothing is near. */
  static String suggestion(String unknown, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> edits(unknown, name)))
        .filter(name -> edits(unknown, name) <= Math.max(2, name.length() / 3))
        .map(name -> "; did you mean " + name + "?")
        .orElse(known.isEmpty() ? "" : "; known are " + String.join(", ", known));
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
