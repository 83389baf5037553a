package io.gradwatch.console.routing.config;

import io.gradwatch.console.model.LabelMatcher;
import io.gradwatch.console.model.Labels;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.MatchOperator;
import io.gradwatch.records.Severity;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads one route.
 *
 * @param targets names of the targets there are
 */
record RouteReader(Set<String> targets) {

  Route read(YamlSection section) {
    List<LabelMatcher> matchers = matchers(section);
    List<TimeWindow> during = section.sections("during").stream().map(RouteReader::window).toList();
    List<String> to = known(section, "to");
    List<EscalationStep> escalation =
        section.sections("escalation").stream()
            .map(this::step)
            .sorted(Comparator.comparing(EscalationStep::after))
            .toList();
    boolean continues = section.flag("continue", false);
    section.end();
    return new Route(matchers, during, to, escalation, continues);
  }

  private EscalationStep step(YamlSection section) {
    section.required("after");
    EscalationStep step =
        new EscalationStep(
            section.parsed("after", Duration.ofDays(1), Durations::parse), known(section, "to"));
    if (step.to().isEmpty()) {
      section.refuse("to is missing: who is told then");
    }
    section.end();
    return step;
  }

  private List<String> known(YamlSection section, String name) {
    List<String> names = section.words(name);
    for (String target : names) {
      if (!targets.contains(target)) {
        section.refuse(name, "unknown target: " + target + NearestName.suggestion(target, targets));
      }
    }
    return names;
  }

  /** {@code project: vision}, {@code run: '=~ nightly-.*'}, {@code severity: [WARNING, ...]}. */
  private static List<LabelMatcher> matchers(YamlSection route) {
    List<LabelMatcher> matchers = new ArrayList<>();
    YamlSection section = route.section("match");
    if (section == null) {
      return matchers;
    }
    for (String label : section.allNames()) {
      if (!Labels.isKnown(label)) {
        section.refuse(
            label,
            "unknown label: "
                + label
                + NearestName.suggestion(
                    label,
                    List.of("project", "run", "kind", "severity", "alarm", "owner", "tag:NAME")));
        continue;
      }
      try {
        matchers.add(matcher(label, section.words(label)));
      } catch (IllegalArgumentException e) {
        section.refuse(label, String.valueOf(e.getMessage()));
      }
    }
    return matchers;
  }

  private static LabelMatcher matcher(String label, List<String> values) {
    if (values.size() != 1) {
      String any =
          String.join(
              "|",
              values.stream()
                  .map(value -> com.google.re2j.Pattern.quote(canonical(label, value)))
                  .toList());
      return LabelMatcher.of(label, MatchOperator.MATCHES, any);
    }
    String value = values.get(0);
    for (MatchOperator operator :
        List.of(MatchOperator.MATCHES, MatchOperator.DOES_NOT_MATCH, MatchOperator.NOT_EQUAL)) {
      String sign = LabelMatcher.sign(operator);
      if (value.startsWith(sign)) {
        String rest = value.substring(sign.length()).strip();
        return LabelMatcher.of(
            label, operator, operator == MatchOperator.NOT_EQUAL ? canonical(label, rest) : rest);
      }
    }
    return LabelMatcher.of(label, MatchOperator.EQUAL, canonical(label, value));
  }

  /** Kinds and severities are upper case with underscores, however they were written. */
  private static String canonical(String label, String value) {
    if (!label.equals("kind") && !label.equals("severity")) {
      return value;
    }
    String upper = value.toUpperCase(Locale.ROOT).replace('-', '_');
    Enum<?>[] known = label.equals("kind") ? AlarmKind.values() : Severity.values();
    Collection<String> names = Stream.of(known).map(Enum::name).toList();
    if (!names.contains(upper)) {
      throw new IllegalArgumentException(
          "unknown " + label + ": " + value + NearestName.suggestion(upper, names));
    }
    return upper;
  }

  private static TimeWindow window(YamlSection section) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String word : section.words("days")) {
      try {
        days.addAll(days(word.toLowerCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        section.refuse("days", String.valueOf(e.getMessage()));
      }
    }
    TimeWindow window =
        new TimeWindow(
            days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days,
            section.parsed("from", LocalTime.MIDNIGHT, RouteReader::time),
            section.parsed("to", LocalTime.MIDNIGHT, RouteReader::time),
            section.parsed("zone", ZoneId.of("UTC"), RouteReader::zone));
    section.end();
    return window;
  }

  /** mon, or mon-fri. */
  private static Set<DayOfWeek> days(String word) {
    String[] ends = word.split("-", 2);
    DayOfWeek last = day(ends[ends.length - 1]);
    Set<DayOfWeek> days = EnumSet.of(last);
    for (DayOfWeek day = day(ends[0]); day != last; day = day.plus(1)) {
      days.add(day);
    }
    return days;
  }

  private static DayOfWeek day(String word) {
    return Stream.of(DayOfWeek.values())
        .filter(day -> word.length() >= 3)
        .filter(day -> day.name().toLowerCase(Locale.ROOT).startsWith(word))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("day is '" + word + "', must be such as mon"));
  }

  private static LocalTime time(String text) {
    try {
      return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("is '" + text + "', must be such as 09:00", e);
    }
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("is '" + text + "', must be such as Europe/Berlin", e);
    }
  }
}
