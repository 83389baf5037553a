package io.gradwatch.cli.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Bound;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.FalsePages;
import io.gradwatch.core.policy.Setting;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What somebody set, as names and values for a person. */
final class SettingLines {
  /** What stands for a setting that is not set. */
  private static final String INHERITS = "(inherits)";

  private SettingLines() {}

  /** Every setting that is set, by its name. */
  static SortedMap<String, String> of(Settings settings) {
    SortedMap<String, String> lines = new TreeMap<>();
    Double interval = settings.falsePageIntervalSteps();
    if (interval != null) {
      lines.put(FalsePages.NAME, Bound.number(interval));
    }
    settings
        .detectors()
        .forEach(
            (kind, set) -> {
              String path = "detectors." + kind + ".";
              Boolean enabled = set.enabled();
              if (enabled != null) {
                lines.put(path + "enabled", enabled.toString());
              }
              Severity severity = set.severity();
              if (severity != null) {
                lines.put(path + "severity", severity.name());
              }
              set.thresholds()
                  .forEach((name, value) -> lines.put(path + name, text(kind, name, value)));
            });
    ClipRuleKind rule = settings.clipRule();
    if (rule != null) {
      lines.put("clip." + ClipRuleKind.SETTING, rule.word());
    }
    settings.clip().forEach((name, value) -> lines.put("clip." + name, text(null, name, value)));
    return lines;
  }

  private static String text(@Nullable AlarmKind kind, String name, double value) {
    for (Setting setting : SettingsCatalog.all()) {
      if (setting.kind() == kind && setting.name().equals(name)) {
        return setting.text(value);
      }
    }
    return Bound.number(value);
  }

  /** Tells each setting that two differ in, with "before -> after". */
  static void differences(Settings before, Settings after, BiConsumer<String, String> line) {
    Map<String, String> old = of(before);
    Map<String, String> now = of(after);
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      String from = old.getOrDefault(name, INHERITS);
      String to = now.getOrDefault(name, INHERITS);
      if (!from.equals(to)) {
        line.accept(name, from + " -> " + to);
      }
    }
  }
}
