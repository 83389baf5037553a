package io.gradwatch.wire.policy;

import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.NearestName;
import io.gradwatch.wire.policy.YamlValue.Entry;
import io.gradwatch.wire.policy.YamlValue.Mapping;
import io.gradwatch.wire.policy.YamlValue.Text;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values of a YAML document as what they should be. What is null in it is null here; what is wrong
 * is told and null too.
 */
final class FieldReader {
  /** Numbers of JSON, and such without a digit before or after the point; no NaN, no infinity. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");

  /** The spellings of YAML 1.2's core schema (section 10.3.2). */
  private static final Map<String, Boolean> TRUTHS =
      Map.of(
          "true", true, "True", true, "TRUE", true, "false", false, "False", false, "FALSE", false);

  private final YamlErrors errors;

  FieldReader(YamlErrors errors) {
    this.errors = errors;
  }

  YamlErrors errors() {
    return errors;
  }

  /** Names and values; none where nothing stands. */
  List<Entry> entries(String path, YamlValue value) {
    if (value instanceof Mapping mapping) {
      return mapping.entries();
    }
    if (!(value instanceof Text text && text.isNull())) {
      refuse(path, value, "names with values");
    }
    return List.of();
  }

  @Nullable Double number(String path, YamlValue value) {
    if (value instanceof Text text) {
      if (text.isNull()) {
        return null;
      }
      if (text.plain() && NUMBER.matcher(text.text()).matches()) {
        return Double.valueOf(text.text());
      }
    }
    refuse(path, value, "a number");
    return null;
  }

  @Nullable Boolean truth(String path, YamlValue value) {
    if (value instanceof Text text) {
      if (text.isNull()) {
        return null;
      }
      Boolean truth = text.plain() ? TRUTHS.get(text.text()) : null;
      if (truth != null) {
        return truth;
      }
    }
    refuse(path, value, "true or false");
    return null;
  }

  /** A switch as the number that it is in settings; that number, 1 or 0, may stand there too. */
  @Nullable Double onOff(String path, YamlValue value) {
    if (value instanceof Text text && text.plain() && NUMBER.matcher(text.text()).matches()) {
      double number = Double.parseDouble(text.text());
      if (number == 0 || number == 1) {
        return number;
      }
    }
    Boolean truth = truth(path, value);
    return truth == null ? null : truth ? 1.0 : 0.0;
  }

  @Nullable Severity severity(String path, YamlValue value) {
    if (value instanceof Text text) {
      if (text.isNull()) {
        return null;
      }
      for (Severity severity : Severity.values()) {
        if (severity.name().equals(text.text())) {
          return severity;
        }
      }
    }
    refuse(path, value, "INFO, WARNING or CRITICAL");
    return null;
  }

  @Nullable Long time(String path, YamlValue value) {
    if (value instanceof Text text) {
      if (text.isNull()) {
        return null;
      }
      Long millis = EffectiveAt.parse(text.text());
      if (millis != null) {
        return millis;
      }
    }
    refuse(path, value, EffectiveAt.BOUND);
    return null;
  }

  @Nullable ClipRuleKind clipRule(YamlValue value) {
    if (value instanceof Text text && text.isNull()) {
      return null;
    }
    ClipRuleKind rule = value instanceof Text text ? ClipRuleKind.of(text.text()) : null;
    if (rule == null) {
      errors.add(value.place(), ClipRuleKind.unknown(value.shape()).toString());
    }
    return rule;
  }

  /**
   * Tells that a name is not known.
   *
   * @param prefix what stands before it in a policy
   * @param known what it may be
   */
  void unknown(String prefix, Text name, String what, Collection<String> known) {
    errors.add(
        name.place(),
        prefix + name.text() + " is no " + what + NearestName.suggestion(name.text(), known));
  }

  private void refuse(String path, YamlValue value, String expected) {
    errors.add(value.place(), path + " is " + value.shape() + ", it must be " + expected);
  }
}
