package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The rules of SageMaker Debugger as a table. */
final class RulesTable {
  private RulesTable() {}

  static String markdown() {
    return SageMakerRule.ALL.stream()
        .flatMap(rule -> rows(rule).stream())
        .collect(
            Collectors.joining(
                "\n", "| rule | parameter | its default | here |\n|---|---|---|---|\n", "\n"));
  }

  private static List<String> rows(SageMakerRule rule) {
    List<String> rows = new ArrayList<>();
    rows.add("| **%s** | | | %s |".formatted(rule.name(), always(rule.always())));
    for (RuleParameter parameter : rule.parameters()) {
      rows.add(
          parameter.counts()
              ? "| | `%s` | %s | %s |"
                  .formatted(
                      parameter.name(),
                      Bound.number(parameter.standard()),
                      parameter.targets().stream()
                          .map(target -> target(parameter, target))
                          .collect(Collectors.joining("<br>")))
              : "| | `%s` | | none: %s |".formatted(parameter.name(), parameter.why()));
    }
    return rows;
  }

  private static String always(Settings always) {
    List<String> parts = new ArrayList<>();
    always
        .detectors()
        .forEach(
            (kind, set) -> {
              parts.add(kind + " on");
              set.thresholds()
                  .forEach(
                      (name, value) -> parts.add(path(kind, name) + " = " + Bound.number(value)));
            });
    return String.join(", ", parts);
  }

  private static String target(RuleParameter parameter, RuleParameter.Target target) {
    double value = target.translation().of(parameter.standard());
    return "%s = %s, by default %s"
        .formatted(
            path(target.kind(), target.setting()),
            target.translation().formula(),
            shortened(value));
  }

  private static String path(AlarmKind kind, String setting) {
    return "`" + kind + "." + setting + "`";
  }

  private static String shortened(double value) {
    return Math.abs(value) >= 1e-6
        ? Bound.number(Math.rint(value * 1e6) / 1e6)
        : Bound.number(value);
  }
}
