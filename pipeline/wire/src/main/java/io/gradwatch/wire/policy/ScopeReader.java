package io.gradwatch.wire.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.DetectorSettings;
import io.gradwatch.core.policy.FalsePages;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Setting;
import io.gradwatch.core.policy.SettingProblem;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.wire.policy.YamlValue.Entry;
import io.gradwatch.wire.policy.YamlValue.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what stands under {@code fleet}, a project or a run. */
final class ScopeReader {
  private static final String DETECTORS = "detectors";
  private static final String CLIP = "clip";
  private static final List<String> NAMES =
      List.of(EffectiveAt.NAME, FalsePages.NAME, DETECTORS, CLIP, RuleReader.RULES);

  private static final String ENABLED = "enabled";
  private static final String SEVERITY = "severity";

  private final PolicyScope reach;
  private final FieldReader fields;
  private final Map<String, Place> places = new HashMap<>();
  private @Nullable Long effectiveAt;

  ScopeReader(PolicyScope reach, YamlErrors errors) {
    this.reach = reach;
    this.fields = new FieldReader(errors);
  }

  /** From when on the scope that was read says that it holds; null: it does not say. */
  @Nullable Long effectiveAt() {
    return effectiveAt;
  }

  /** The settings of one scope, with whatever was right about them; rules count least. */
  Settings read(YamlValue scope) {
    Map<String, YamlValue> parts = new HashMap<>();
    for (Entry entry : fields.entries("a policy", scope)) {
      if (NAMES.contains(entry.name().text())) {
        parts.put(entry.name().text(), entry.value());
      } else {
        fields.unknown("", entry.name(), "setting", NAMES);
      }
    }
    YamlValue nothing = new YamlValue.Text(scope.place(), "", true);
    Settings rules =
        new RuleReader(fields, places).read(parts.getOrDefault(RuleReader.RULES, nothing));
    effectiveAt = fields.time(EffectiveAt.NAME, parts.getOrDefault(EffectiveAt.NAME, nothing));
    YamlValue interval = parts.getOrDefault(FalsePages.NAME, nothing);
    places.put(FalsePages.NAME, interval.place());
    Settings settings =
        new Settings(
                fields.number(FalsePages.NAME, interval),
                detectors(parts.getOrDefault(DETECTORS, nothing)),
                null,
                new TreeMap<>())
            .over(clip(parts.getOrDefault(CLIP, nothing)))
            .over(rules);
    for (SettingProblem problem : SettingsCatalog.problems(reach, settings)) {
      fields.errors().add(places.getOrDefault(problem.path(), scope.place()), problem.toString());
    }
    return settings;
  }

  private Map<AlarmKind, DetectorSettings> detectors(YamlValue value) {
    Map<AlarmKind, DetectorSettings> detectors = new EnumMap<>(AlarmKind.class);
    List<String> known =
        SettingsCatalog.detectors().keySet().stream().map(AlarmKind::name).toList();
    for (Entry entry : fields.entries(DETECTORS, value)) {
      String name = entry.name().text();
      if (known.contains(name)) {
        detectors.put(AlarmKind.valueOf(name), detector(AlarmKind.valueOf(name), entry.value()));
      } else {
        fields.unknown(DETECTORS + ".", entry.name(), "detector", known);
      }
    }
    return detectors;
  }

  private DetectorSettings detector(AlarmKind kind, YamlValue value) {
    String path = DETECTORS + "." + kind;
    List<String> known = new ArrayList<>(List.of(ENABLED, SEVERITY));
    known.addAll(SettingsCatalog.names(kind));
    Boolean enabled = null;
    Severity severity = null;
    Map<String, Double> thresholds = new TreeMap<>();
    for (Entry entry : fields.entries(path, value)) {
      String name = entry.name().text();
      if (!known.contains(name)) {
        fields.unknown(path + ".", entry.name(), "setting", known);
      } else if (name.equals(ENABLED)) {
        enabled = fields.truth(path + "." + name, entry.value());
      } else if (name.equals(SEVERITY)) {
        severity = fields.severity(path + "." + name, entry.value());
      } else {
        putNumber(path, SettingsCatalog.find(kind, name), entry, thresholds);
      }
    }
    return new DetectorSettings(enabled, severity, thresholds);
  }

  private Settings clip(YamlValue value) {
    List<String> known = new ArrayList<>(List.of(ClipRuleKind.SETTING));
    known.addAll(SettingsCatalog.names(null));
    ClipRuleKind rule = null;
    SortedMap<String, Double> numbers = new TreeMap<>();
    for (Entry entry : fields.entries(CLIP, value)) {
      String name = entry.name().text();
      if (!known.contains(name)) {
        fields.unknown(CLIP + ".", entry.name(), "setting", known);
      } else if (name.equals(ClipRuleKind.SETTING)) {
        rule = fields.clipRule(entry.value());
      } else {
        putNumber(CLIP, SettingsCatalog.find(null, name), entry, numbers);
      }
    }
    return new Settings(null, Map.of(), rule, numbers);
  }

  private void putNumber(
      String section, @Nullable Setting setting, Entry entry, Map<String, Double> numbers) {
    String path = section + "." + entry.name().text();
    boolean isSwitch = setting != null && setting.type() == Setting.Type.SWITCH;
    Double number =
        isSwitch ? fields.onOff(path, entry.value()) : fields.number(path, entry.value());
    if (number != null) {
      places.put(path, entry.value().place());
      numbers.put(entry.name().text(), number);
    }
  }
}
