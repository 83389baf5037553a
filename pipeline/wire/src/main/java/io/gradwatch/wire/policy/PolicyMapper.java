package io.gradwatch.wire.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.DetectorSettings;
import io.gradwatch.core.policy.NearestName;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.SettingProblem;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.records.DetectorPolicy;
import io.gradwatch.records.Policy;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Policy documents as the records that travel, and back. */
public final class PolicyMapper {
  private PolicyMapper() {}

  /** The record of a document; author and note are the publisher's to set. */
  public static Policy toRecord(PolicyDocument document) {
    Settings settings = document.settings();
    ClipRuleKind rule = settings.clipRule();
    Map<String, DetectorPolicy> detectors = new TreeMap<>();
    settings.detectors().forEach((kind, set) -> detectors.put(kind.name(), toRecord(set)));
    return Policy.newBuilder()
        .setScope(io.gradwatch.records.PolicyScope.valueOf(document.scope().name()))
        .setName(document.name())
        .setEffectiveAt(document.effectiveAt())
        .setFalsePageIntervalSteps(settings.falsePageIntervalSteps())
        .setDetectors(detectors)
        .setClip(new TreeMap<>(settings.clip()))
        .setClipRule(rule == null ? null : rule.word())
        .build();
  }

  private static DetectorPolicy toRecord(DetectorSettings set) {
    Severity severity = set.severity();
    return DetectorPolicy.newBuilder()
        .setEnabled(set.enabled())
        .setSeverity(
            severity == null ? null : io.gradwatch.records.Severity.valueOf(severity.name()))
        .setThresholds(new TreeMap<>(set.thresholds()))
        .build();
  }

  /**
   * The document of a record.
   *
   * @throws InvalidPolicyException when a name is unknown or a number out of its bound
   */
  public static PolicyDocument toDocument(Policy record) throws InvalidPolicyException {
    List<String> errors = new ArrayList<>();
    Map<AlarmKind, DetectorSettings> detectors = new EnumMap<>(AlarmKind.class);
    List<String> known =
        SettingsCatalog.detectors().keySet().stream().map(AlarmKind::name).toList();
    record
        .getDetectors()
        .forEach(
            (name, set) -> {
              if (known.contains(name)) {
                detectors.put(AlarmKind.valueOf(name), toSettings(set));
              } else {
                errors.add(
                    "detectors." + name + " is no detector" + NearestName.suggestion(name, known));
              }
            });
    Settings settings =
        new Settings(
            record.getFalsePageIntervalSteps(),
            detectors,
            clipRule(record, errors),
            new TreeMap<>(record.getClip()));
    PolicyScope scope = PolicyScope.valueOf(record.getScope().name());
    SettingsCatalog.problems(scope, settings).stream()
        .map(SettingProblem::toString)
        .forEach(errors::add);
    if (!EffectiveAt.isPossible(record.getEffectiveAt())) {
      errors.add(
          EffectiveAt.NAME
              + " is "
              + record.getEffectiveAt()
              + ", it must be "
              + EffectiveAt.BOUND);
    }
    try {
      checkProject(scope, record.getName());
    } catch (IllegalArgumentException e) {
      errors.add(String.valueOf(e.getMessage()));
    }
    try {
      PolicyDocument document =
          new PolicyDocument(scope, record.getName(), record.getEffectiveAt(), settings);
      if (errors.isEmpty()) {
        return document;
      }
    } catch (IllegalArgumentException e) {
      errors.add(String.valueOf(e.getMessage()));
    }
    throw new InvalidPolicyException(errors);
  }

  private static @Nullable ClipRuleKind clipRule(Policy record, List<String> errors) {
    String word = record.getClipRule();
    ClipRuleKind rule = word == null ? null : ClipRuleKind.of(word);
    if (word != null && rule == null) {
      errors.add(ClipRuleKind.unknown(word).toString());
    }
    return rule;
  }

  /**
   * The project that the name of a policy names must be one that may have topics.
   *
   * @throws IllegalArgumentException when it is not
   */
  static void checkProject(PolicyScope scope, String name) {
    int slash = name.indexOf('/');
    switch (scope) {
      case FLEET -> {}
      case PROJECT -> Topics.checkProject(name);
      case RUN -> {
        if (slash >= 0) {
          Topics.checkProject(name.substring(0, slash));
        }
      }
    }
  }

  private static DetectorSettings toSettings(DetectorPolicy set) {
    io.gradwatch.records.Severity severity = set.getSeverity();
    return new DetectorSettings(
        set.getEnabled(),
        severity == null ? null : Severity.valueOf(severity.name()),
        new TreeMap<>(set.getThresholds()));
  }
}
