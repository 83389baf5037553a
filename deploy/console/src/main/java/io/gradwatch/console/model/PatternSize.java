package io.gradwatch.console.model;

import com.google.re2j.Pattern;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Roughly how large a regular expression becomes: RE2 writes repetitions out, so that a short text
 * with repetitions of repetitions would take all memory.
 */
final class PatternSize {
  /** Takes about a megabyte, and no label is longer by much. */
  static final long MOST = 10_000;

  private static final Pattern COUNT = Pattern.compile("(\\d{1,9})(?:,(\\d{0,9}))?");

  private PatternSize() {}

  /** Characters once all repetitions are written out; more than it, never less. */
  static long of(String pattern) {
    Deque<Long> before = new ArrayDeque<>();
    long sum = 0;
    long atom = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '(') {
        before.push(sum + atom);
        sum = 0;
        atom = 0;
      } else if (c == ')' && !before.isEmpty()) {
        atom = sum + atom + 1;
        sum = before.pop();
      } else if (c == '{') {
        int end = pattern.indexOf('}', i);
        atom = bounded(atom * count(end < 0 ? "" : pattern.substring(i + 1, end)));
      } else {
        sum = bounded(sum + atom);
        atom = 1;
      }
    }
    return sum + atom;
  }

  /** How often the braces repeat; once when they are no repetition. */
  private static long count(String braces) {
    var matcher = COUNT.matcher(braces);
    if (!matcher.matches()) {
      return 1;
    }
    String most = matcher.group(2);
    long least = Long.parseLong(matcher.group(1));
    return Math.max(1, most == null || most.isEmpty() ? least : Long.parseLong(most));
  }

  private static long bounded(long size) {
    return Math.min(size, MOST + 1);
  }
}
