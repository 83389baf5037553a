package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One reading of settings by the records of a policy: each record asks for its settings by name and
 * says the default, in one place. What was asked for is remembered, which is how {@link
 * SettingsCatalog} knows all settings there are.
 */
final class SettingsReader {
  /**
   * A setting that was asked for.
   *
   * @param standard the number where nobody set any
   * @param given the number that was given
   */
  record Asked(
      @Nullable AlarmKind kind,
      String name,
      double standard,
      double given,
      Setting.Type type,
      boolean followsFalsePages) {}

  private final Settings settings;
  private final List<Asked> asked = new ArrayList<>();
  private final Map<AlarmKind, DetectorSwitch> switches = new EnumMap<>(AlarmKind.class);

  SettingsReader(Settings settings) {
    this.settings = settings;
  }

  /** All that was asked for, in that order. */
  List<Asked> asked() {
    return Collections.unmodifiableList(asked);
  }

  /** The detectors that were asked for, with their switches. */
  Map<AlarmKind, DetectorSwitch> switches() {
    return Collections.unmodifiableMap(switches);
  }

  /**
   * The settings of a detector, which is on by default.
   *
   * @param highest severity of its gravest alarms by default
   */
  Section detector(AlarmKind kind, Severity highest) {
    DetectorSettings set = settings.detector(kind);
    DetectorSwitch detectorSwitch =
        new DetectorSwitch(
            set.enabled() == null || set.enabled(),
            set.severity() == null ? highest : set.severity(),
            highest);
    switches.put(kind, detectorSwitch);
    return new Section(kind, detectorSwitch, set.thresholds());
  }

  /** The rule that the clip threshold follows; Gradwatch's own by default. */
  ClipRuleKind clipRule() {
    ClipRuleKind rule = settings.clipRule();
    return rule == null ? ClipRuleKind.ADAPTIVE : rule;
  }

  /** The settings of the clip advisor. */
  Section clip() {
    return new Section(null, DetectorSwitch.CRITICAL, settings.clip());
  }

  /** The settings of one detector, or those of the clip advisor. */
  final class Section {
    private final @Nullable AlarmKind kind;
    private final DetectorSwitch detectorSwitch;
    private final Map<String, Double> numbers;

    private Section(
        @Nullable AlarmKind kind, DetectorSwitch detectorSwitch, Map<String, Double> numbers) {
      this.kind = kind;
      this.detectorSwitch = detectorSwitch;
      this.numbers = numbers;
    }

    /** On or off, and how far its alarms may rise. */
    DetectorSwitch detectorSwitch() {
      return detectorSwitch;
    }

    /** A number. */
    double number(String name, double standard) {
      return ask(name, standard, Setting.Type.NUMBER, false);
    }

    /** A whole number. */
    int count(String name, int standard) {
      return whole(name, standard, Setting.Type.WHOLE);
    }

    private int whole(String name, int standard, Setting.Type type) {
      double value = ask(name, standard, type, false);
      if (value != (int) value) {
        throw new IllegalArgumentException(name + " is " + value + ", it must be a whole number");
      }
      return (int) value;
    }

    /** A switch: 1 for on, which it is by default, or 0 for off. */
    boolean isOn(String name) {
      String section = kind == null ? "clip" : kind.name().toLowerCase(Locale.ROOT);
      return Check.within(section + "." + name, whole(name, 1, Setting.Type.SWITCH), 0, 1) == 1;
    }

    /**
     * A distance that a healthy run exceeds the more rarely the larger it is: where it is not set,
     * it follows the rate of false pages that was set, see {@link FalsePages}.
     */
    double pageThreshold(String name, double standard) {
      return ask(name, standard, Setting.Type.NUMBER, true);
    }

    private double ask(String name, double standard, Setting.Type type, boolean followsFalsePages) {
      double factor = followsFalsePages ? FalsePages.factor(settings.falsePageIntervalSteps()) : 1;
      double given = numbers.getOrDefault(name, factor * standard);
      asked.add(new Asked(kind, name, standard, given, type, followsFalsePages));
      return given;
    }
  }
}
