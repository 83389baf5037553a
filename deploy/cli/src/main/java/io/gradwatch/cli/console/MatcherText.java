package io.gradwatch.cli.console;

import io.gradwatch.console.api.SilenceView.MatcherView;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Matchers of silences as people write them, as Alertmanager's: LABEL=VALUE and three more. */
final class MatcherText implements ITypeConverter<MatcherView> {
  private static final Pattern LABELS =
      Pattern.compile("project|run|kind|severity|alarm|owner|tag:[^=!]+");

  /** The label ends at the first operator; a value may hold more of them. */
  private static final Pattern MATCHER =
      Pattern.compile("([^=!]+)(=~|!=|!~|=)(.*)", Pattern.DOTALL);

  /** Kinds and severities are written as the page shows them, too. */
  private static final List<String> CONSTANTS = List.of("kind", "severity");

  @Override
  public MatcherView convert(String text) {
    Matcher parts = MATCHER.matcher(text);
    if (!parts.matches()) {
      throw new TypeConversionException(
          "'" + text + "' must be LABEL=VALUE, LABEL!=VALUE, LABEL=~REGEX or LABEL!~REGEX");
    }
    String label = parts.group(1).strip();
    if (!LABELS.matcher(label).matches()) {
      throw new TypeConversionException(
          "'" + label + "' is no label: project, run, kind, severity, alarm, owner or tag:NAME");
    }
    boolean isConstant = CONSTANTS.contains(label) && !parts.group(2).endsWith("~");
    String value = parts.group(3);
    return new MatcherView(
        label,
        parts.group(2),
        isConstant
            ? value.toUpperCase(java.util.Locale.ROOT).replace(' ', '_').replace('-', '_')
            : value);
  }

  /** As it is written. */
  static String of(MatcherView matcher) {
    return matcher.label() + matcher.operator() + matcher.value();
  }
}
