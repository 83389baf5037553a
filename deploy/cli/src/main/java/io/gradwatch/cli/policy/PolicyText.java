package io.gradwatch.cli.policy;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Policies as YAML that {@code policy publish} takes back. */
final class PolicyText {
  private static final String INDENT = "  ";

  /**
   * A policy with what is said about it.
   *
   * @param remark stands above it; empty: none
   * @param remarks stand beside its settings, by their names
   */
  record Remarked(PolicyDocument document, String remark, Map<String, String> remarks) {}

  private final StringBuilder out = new StringBuilder();

  private PolicyText() {}

  /** The policies as one file. */
  static String of(List<Remarked> policies) {
    PolicyText text = new PolicyText();
    for (PolicyScope scope : PolicyScope.values()) {
      List<Remarked> ofScope =
          policies.stream().filter(policy -> policy.document().scope() == scope).toList();
      if (!ofScope.isEmpty()) {
        text.scope(scope, ofScope);
      }
    }
    return text.out.toString();
  }

  private void scope(PolicyScope scope, List<Remarked> policies) {
    switch (scope) {
      case FLEET -> policies.forEach(policy -> policy(0, "fleet", policy));
      case PROJECT -> named("projects", policies);
      case RUN -> named("runs", policies);
    }
  }

  private void named(String section, List<Remarked> policies) {
    out.append(section).append(":\n");
    for (Remarked policy : policies) {
      policy(1, JsonText.string(new StringBuilder(), policy.document().name()).toString(), policy);
    }
  }

  private void policy(int level, String name, Remarked policy) {
    if (!policy.remark().isEmpty()) {
      // Author and note are anybody's text: a line end would end the comment.
      indent(level).append("# ").append(Style.harmless(policy.remark())).append('\n');
    }
    Settings settings = policy.document().settings();
    indent(level).append(name).append(settings.equals(Settings.NONE) ? ": {}\n" : ":\n");
    settings(level + 1, SettingLines.of(settings), policy.remarks());
  }

  /** Names with dots as mappings in mappings; sorted names keep what belongs together. */
  private void settings(
      int level, SortedMap<String, String> settings, Map<String, String> remarks) {
    String[] before = {};
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String[] path = setting.getKey().split("\\.");
      int shared = 0;
      while (shared < Math.min(before.length, path.length) - 1
          && before[shared].equals(path[shared])) {
        shared++;
      }
      for (int i = shared; i < path.length - 1; i++) {
        indent(level + i).append(path[i]).append(":\n");
      }
      String remark = remarks.getOrDefault(setting.getKey(), "");
      indent(level + path.length - 1)
          .append(path[path.length - 1])
          .append(": ")
          .append(setting.getValue())
          .append(remark.isEmpty() ? "" : "  # " + Style.harmless(remark))
          .append('\n');
      before = path;
    }
  }

  private StringBuilder indent(int level) {
    return out.append(INDENT.repeat(level));
  }
}
