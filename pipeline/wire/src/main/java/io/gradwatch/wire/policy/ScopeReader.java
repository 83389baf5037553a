package io.gradwatch.wire.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.DetectorSettings;
import io.gradwatch.core.policy.FalsePages;
import io.gradwatch.core.policy.NearestName;
import io.gradwatch.core.policy.SettingProblem;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.wire.policy.YamlValue.Entry;
import io.gradwatch.wire.policy.YamlValue.Mapping;
import io.gradwatch.wire.policy.YamlValue.Place;
import io.gradwatch.wire.policy.YamlValue.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what stands under {@code fleet}, a project or a run. */
final class ScopeReader {
  private static final String INTERVAL = FalsePages.NAME;
  private static final String DETECTORS = "detectors";
  private static final String CLIP = "clip";
  private static final List<String> NAMES = List.of(INTERVAL, DETECTORS, CLIP);

  private static final String ENABLED = "enabled";
  private static final String SEVERITY = "severity";

  /** Numbers of JSON, and such without a digit before or after the point; no NaN, no infinity. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");

  private final YamlErrors errors;
  private final Map<String, Place> places = new HashMap<>();

  ScopeReader(YamlErrors errors) {
    this.errors = errors;
  }

  /** The settings of one scope, with whatever was right about them. */
  Settings read(YamlValue scope) {
    Double interval = null;
    Map<AlarmKind, DetectorSettings> detectors = Map.of();
    Map<String, Double> clip = Map.of();
    for (Entry entry : entries("a policy", scope)) {
      String name = entry.name().text();
      switch (name) {
        case INTERVAL -> interval = number(INTERVAL, entry);
        case DETECTORS -> detectors = detectors(entry.value());
        case CLIP -> clip = clip(entry.value());
        default -> unknown(entry, "", NAMES);
      }
    }
    Settings settings = new Settings(interval, detectors, new TreeMap<>(clip));
    for (SettingProblem problem : SettingsCatalog.problems(settings)) {
      errors.add(places.getOrDefault(problem.path(), scope.place()), problem.toString());
    }
    return settings;
  }

  private Map<AlarmKind, DetectorSettings> detectors(YamlValue value) {
    Map<AlarmKind, DetectorSettings> detectors = new EnumMap<>(AlarmKind.class);
    List<String> known =
        SettingsCatalog.detectors().keySet().stream().map(AlarmKind::name).toList();
    for (Entry entry : entries(DETECTORS, value)) {
      String name = entry.name().text();
      if (known.contains(name)) {
        detectors.put(AlarmKind.valueOf(name), detector(AlarmKind.valueOf(name), entry.value()));
      } else {
        errors.add(
            entry.name().place(),
            DETECTORS + "." + name + " is no detector" + NearestName.suggestion(name, known));
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
    for (Entry entry : entries(path, value)) {
      String name = entry.name().text();
      if (!known.contains(name)) {
        unknown(entry, path + ".", known);
      } else if (name.equals(ENABLED)) {
        enabled = truth(path + "." + name, entry);
      } else if (name.equals(SEVERITY)) {
        severity = severity(path + "." + name, entry);
      } else {
        putNumber(path, entry, thresholds);
      }
    }
    return new DetectorSettings(enabled, severity, thresholds);
  }

  private Map<String, Double> clip(YamlValue value) {
    Map<String, Double> numbers = new TreeMap<>();
    List<String> known = SettingsCatalog.names(null);
    for (Entry entry : entries(CLIP, value)) {
      if (known.contains(entry.name().text())) {
        putNumber(CLIP, entry, numbers);
      } else {
        unknown(entry, CLIP + ".", known);
      }
    }
    return numbers;
  }

  private void putNumber(String path, Entry entry, Map<String, Double> numbers) {
    String name = entry.name().text();
    Double number = number(path + "." + name, entry);
    if (number != null) {
      numbers.put(name, number);
    }
  }

  /** Names and values; none where nothing stands. */
  private List<Entry> entries(String what, YamlValue value) {
    if (value instanceof Mapping mapping) {
      return mapping.entries();
    }
    if (!(value instanceof Text text && text.isNull())) {
      refuse(what, value, "names with values");
    }
    return List.of();
  }

  private @Nullable Double number(String path, Entry entry) {
    places.put(path, entry.value().place());
    if (entry.value() instanceof Text text) {
      if (text.isNull()) {
        return null;
      }
      if (text.plain() && NUMBER.matcher(text.text()).matches()) {
        return Double.valueOf(text.text());
      }
    }
    refuse(path, entry.value(), "a number");
    return null;
  }

  private @Nullable Boolean truth(String path, Entry entry) {
    if (entry.value() instanceof Text text) {
      if (text.isNull()) {
        return null;
      }
      if (text.plain() && (text.text().equals("true") || text.text().equals("false"))) {
        return Boolean.valueOf(text.text());
      }
    }
    refuse(path, entry.value(), "true or false");
    return null;
  }

  private @Nullable Severity severity(String path, Entry entry) {
    if (entry.value() instanceof Text text) {
      if (text.isNull()) {
        return null;
      }
      for (Severity severity : Severity.values()) {
        if (severity.name().equals(text.text())) {
          return severity;
        }
      }
    }
    refuse(path, entry.value(), "INFO, WARNING or CRITICAL");
    return null;
  }

  private void refuse(String path, YamlValue value, String expected) {
    errors.add(value.place(), path + " is " + value.shape() + ", it must be " + expected);
  }

  private void unknown(Entry entry, String prefix, Collection<String> known) {
    String name = entry.name().text();
    errors.add(
        entry.name().place(),
        prefix + name + " is no setting" + NearestName.suggestion(name, known));
  }
}
