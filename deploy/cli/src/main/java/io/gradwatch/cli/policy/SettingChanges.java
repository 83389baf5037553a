package io.gradwatch.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.DetectorSettings;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.wire.policy.InvalidPolicyException;
import io.gradwatch.wire.policy.PolicyYaml;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Single settings set and taken back, by their names. */
final class SettingChanges {
  /** What may stand in a name or a value; nothing that YAML would read more into. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.+-]+");

  private static final String DETECTORS = "detectors.";

  private SettingChanges() {}

  /**
   * What an assignment sets, by the rules of a policy file.
   *
   * @param key the policy it is for
   * @param assignment such as {@code detectors.DIVERGENCE.severity=WARNING}
   * @throws IllegalArgumentException when it is wrong; the message says what and the bound
   */
  static Settings assigned(String key, String assignment) {
    int equals = assignment.indexOf('=');
    String name = assignment.substring(0, Math.max(0, equals));
    String value = assignment.substring(equals + 1);
    if (!WORD.matcher(name).matches() || !WORD.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'"
              + assignment
              + "' must be SETTING=VALUE, as clip.headroom=1; gradwatch policy settings lists the"
              + " settings");
    }
    StringBuilder yaml = new StringBuilder();
    int depth = open(yaml, key);
    for (String part : name.split("\\.", 3)) {
      yaml.append("{\"").append(part).append("\": ");
      depth++;
    }
    yaml.append(value).append("}".repeat(depth));
    try {
      return PolicyYaml.parse("", yaml.toString().getBytes(UTF_8), 0).get(0).settings();
    } catch (InvalidPolicyException e) {
      throw new IllegalArgumentException(e.errors().get(0).replaceFirst("^:\\d+: ", ""), e);
    }
  }

  /** Opens what is named by a key, and says how many braces that were. */
  private static int open(StringBuilder yaml, String key) {
    PolicyDocument document = PolicyDocument.ofKey(key, 0, Settings.NONE);
    switch (document.scope()) {
      case FLEET -> {
        yaml.append("{fleet: ");
        return 1;
      }
      case PROJECT -> yaml.append("{projects: {");
      case RUN -> yaml.append("{runs: {");
    }
    JsonText.string(yaml, document.name()).append(": ");
    return 2;
  }

  /**
   * Settings without one of them, or without all of a detector or of the clip advisor.
   *
   * @throws IllegalArgumentException when it is not set
   */
  static Settings without(Settings settings, String name) {
    SortedMap<String, String> left = new TreeMap<>(SettingLines.of(settings));
    if (!left.keySet().removeIf(each -> each.equals(name) || each.startsWith(name + "."))) {
      throw new IllegalArgumentException(
          name
              + " is not set there; set are "
              + (left.isEmpty() ? "none" : String.join(", ", left.keySet())));
    }
    Map<AlarmKind, DetectorSettings> detectors = new EnumMap<>(AlarmKind.class);
    settings
        .detectors()
        .forEach(
            (kind, set) -> {
              String path = DETECTORS + kind + ".";
              if (left.keySet().stream().anyMatch(each -> each.startsWith(path))) {
                detectors.put(
                    kind,
                    new DetectorSettings(
                        left.containsKey(path + "enabled") ? set.enabled() : null,
                        left.containsKey(path + "severity") ? set.severity() : null,
                        kept(set.thresholds(), path, left)));
              }
            });
    return new Settings(
        left.containsKey("false_page_interval_steps") ? settings.falsePageIntervalSteps() : null,
        detectors,
        left.containsKey("clip.rule") ? settings.clipRule() : null,
        kept(settings.clip(), "clip.", left));
  }

  private static SortedMap<String, Double> kept(
      Map<String, Double> numbers, String path, Map<String, String> left) {
    SortedMap<String, Double> kept = new TreeMap<>(numbers);
    kept.keySet().removeIf(name -> !left.containsKey(path + name));
    return kept;
  }
}
