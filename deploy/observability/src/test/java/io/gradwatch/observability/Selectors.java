package io.gradwatch.observability;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What an expression of Prometheus asks for. */
final class Selectors {
  /** Series of ours, of Flink's, and those that Prometheus makes of its own. */
  private static final Pattern SELECTOR =
      Pattern.compile(
          "\\b(?:(?:flink_|gradwatch_|gradwatch:)[\\w:]+|up\\b|ALERTS\\b)(?:\\{[^}]*})?");

  private Selectors() {}

  /** Names of series, each with the labels it must have. */
  static Set<String> of(String expression) {
    return SELECTOR
        .matcher(expression)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The name alone. */
  static String name(String selector) {
    return selector.replaceFirst("\\{.*", "");
  }
}
