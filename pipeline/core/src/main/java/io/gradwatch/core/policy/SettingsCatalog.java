package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All settings there are, as the records of a policy ask for them. Names and defaults come from
 * reading a policy from {@link Settings#NONE}, bounds from what the records refuse: each setting is
 * tried once with a value that none may have.
 */
public final class SettingsCatalog {
  private static final List<Setting> ALL;
  private static final Map<AlarmKind, DetectorSwitch> DETECTORS;

  static {
    SettingsReader reader = read(Settings.NONE);
    DETECTORS = reader.switches();
    ALL = reader.asked().stream().map(SettingsCatalog::withBound).toList();
  }

  private SettingsCatalog() {}

  /** Every number that can be set, detector by detector, those of the clip advisor last. */
  public static List<Setting> all() {
    return ALL;
  }

  /** Every detector that can be set, with its switch where nobody set any. */
  public static Map<AlarmKind, DetectorSwitch> detectors() {
    return DETECTORS;
  }

  /** The number that each setting comes to, in the order of {@link #all}. */
  public static List<Double> values(Settings settings) {
    return read(settings).asked().stream().map(SettingsReader.Asked::given).toList();
  }

  /** The switch that each detector comes to. */
  public static Map<AlarmKind, DetectorSwitch> switches(Settings settings) {
    return read(settings).switches();
  }

  private static SettingsReader read(Settings settings) {
    SettingsReader reader = new SettingsReader(settings);
    Policy.read(reader);
    return reader;
  }

  /** All that is wrong with settings; empty when nothing is. */
  public static List<SettingProblem> problems(Settings settings) {
    List<SettingProblem> problems = new ArrayList<>();
    Double interval = settings.falsePageIntervalSteps();
    if (interval != null && !FalsePages.BOUND.holds(interval)) {
      problems.add(outOfBound(FalsePages.NAME, interval, FalsePages.BOUND));
    }
    settings
        .detectors()
        .forEach(
            (kind, set) -> {
              if (DETECTORS.containsKey(kind)) {
                check(kind, set.thresholds(), problems);
              } else {
                problems.add(new SettingProblem(Setting.path(kind), "has no settings"));
              }
            });
    check(null, settings.clip(), problems);
    return Collections.unmodifiableList(problems);
  }

  /** All that is wrong with settings of a scope; empty when nothing is. */
  public static List<SettingProblem> problems(PolicyScope scope, Settings settings) {
    List<SettingProblem> problems = new ArrayList<>(problems(settings));
    DetectorSettings incidents = settings.detector(AlarmKind.FLEET_INCIDENT);
    if (scope != PolicyScope.FLEET) {
      String path = Setting.path(AlarmKind.FLEET_INCIDENT) + ".";
      String reason = "is one for all runs: it must stand under the fleet";
      if (incidents.severity() != null) {
        problems.add(new SettingProblem(path + "severity", reason));
      }
      incidents
          .thresholds()
          .keySet()
          .forEach(name -> problems.add(new SettingProblem(path + name, reason)));
    }
    return Collections.unmodifiableList(problems);
  }

  private static void check(
      @Nullable AlarmKind kind, Map<String, Double> numbers, List<SettingProblem> problems) {
    numbers.forEach(
        (name, value) -> {
          String path = Setting.path(kind) + "." + name;
          Setting setting = find(kind, name);
          if (setting == null) {
            problems.add(
                new SettingProblem(
                    path, "is no setting" + NearestName.suggestion(name, names(kind))));
          } else if (!setting.bound().holds(value)) {
            problems.add(outOfBound(path, value, setting.bound()));
          } else if (setting.whole() && value != StrictMath.rint(value)) {
            problems.add(new SettingProblem(path, "is " + value + ", it must be a whole number"));
          }
        });
  }

  private static SettingProblem outOfBound(String path, double value, Bound bound) {
    return new SettingProblem(path, "is " + Bound.number(value) + ", it must be " + bound);
  }

  /** The setting of a detector, or of the clip advisor (null), with a name; null: none. */
  public static @Nullable Setting find(@Nullable AlarmKind kind, String name) {
    for (Setting setting : ALL) {
      if (setting.kind() == kind && setting.name().equals(name)) {
        return setting;
      }
    }
    return null;
  }

  /** Names of the settings of a detector, or of the clip advisor (null). */
  public static List<String> names(@Nullable AlarmKind kind) {
    return ALL.stream().filter(setting -> setting.kind() == kind).map(Setting::name).toList();
  }

  private static Setting withBound(SettingsReader.Asked asked) {
    boolean fractions = asked.type() == Setting.Type.NUMBER;
    double refused = fractions ? Double.NaN : Integer.MIN_VALUE;
    AlarmKind kind = asked.kind();
    Settings tried =
        kind == null
            ? Settings.NONE.withClip(asked.name(), refused)
            : Settings.NONE.with(kind, asked.name(), refused);
    String expected =
        (kind == null ? "clip" : kind.name().toLowerCase(Locale.ROOT)) + "." + asked.name();
    try {
      read(tried);
    } catch (OutOfBoundException e) {
      if (!e.name().equals(expected)) {
        throw new IllegalStateException(expected + " is checked as " + e.name(), e);
      }
      return new Setting(
          kind, asked.name(), asked.standard(), asked.type(), asked.followsFalsePages(), e.bound());
    }
    throw new IllegalStateException(expected + " has no bound");
  }
}
