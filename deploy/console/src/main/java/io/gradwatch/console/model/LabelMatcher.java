package io.gradwatch.console.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gradwatch.records.MatchOperator;
import io.gradwatch.records.Matcher;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One condition on one label. Regular expressions are RE2's, which take time in proportion to the
 * text, and match the whole label.
 */
public final class LabelMatcher {
  /** Longest value of a matcher, bytes of UTF-8. */
  public static final int MOST_BYTES = 1_024;

  private final String label;
  private final MatchOperator operator;
  private final String value;
  private final @Nullable Pattern pattern;

  private LabelMatcher(
      String label, MatchOperator operator, String value, @Nullable Pattern pattern) {
    this.label = label;
    this.operator = operator;
    this.value = value;
    this.pattern = pattern;
  }

  /**
   * A condition.
   *
   * @throws IllegalArgumentException when the label is none, the value too long, or no regular
   *     expression
   */
  public static LabelMatcher of(String label, MatchOperator operator, String value) {
    if (!Labels.isKnown(label)) {
      throw new IllegalArgumentException(
          "label is '"
              + label
              + "', must be project, run, kind, severity, alarm, owner or tag:NAME");
    }
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "value of " + label + " has " + bytes + " bytes, at most " + MOST_BYTES + " are taken");
    }
    boolean isPattern =
        operator == MatchOperator.MATCHES || operator == MatchOperator.DOES_NOT_MATCH;
    if (isPattern && PatternSize.of(value) > PatternSize.MOST) {
      throw new IllegalArgumentException(
          "value of " + label + " repeats too much: more than " + PatternSize.MOST + " characters");
    }
    try {
      return new LabelMatcher(label, operator, value, isPattern ? Pattern.compile(value) : null);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "value of " + label + " is no regular expression of RE2: " + e.getMessage(), e);
    }
  }

  /**
   * The condition that a record tells.
   *
   * @throws IllegalArgumentException as {@link #of(String, MatchOperator, String)}
   */
  public static LabelMatcher of(Matcher matcher) {
    return of(matcher.getLabel(), matcher.getOperator(), matcher.getValue());
  }

  /** Whether the condition holds. */
  public boolean matches(Labels labels) {
    String found = labels.get(label);
    return switch (operator) {
      case EQUAL -> found.equals(value);
      case NOT_EQUAL -> !found.equals(value);
      case MATCHES -> pattern != null && pattern.matches(found);
      case DOES_NOT_MATCH -> pattern != null && !pattern.matches(found);
    };
  }

  /** The operator as people write it. */
  public static String sign(MatchOperator operator) {
    return switch (operator) {
      case EQUAL -> "=";
      case NOT_EQUAL -> "!=";
      case MATCHES -> "=~";
      case DOES_NOT_MATCH -> "!~";
    };
  }

  /**
   * The operator that people write so.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static MatchOperator operator(String sign) {
    for (MatchOperator operator : MatchOperator.values()) {
      if (sign(operator).equals(sign)) {
        return operator;
      }
    }
    throw new IllegalArgumentException("operator is '" + sign + "', must be =, !=, =~ or !~");
  }

  @Override
  public String toString() {
    return label + sign(operator) + '"' + value + '"';
  }
}
