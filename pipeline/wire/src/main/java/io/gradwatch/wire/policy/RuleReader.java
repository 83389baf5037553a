package io.gradwatch.wire.policy;

import io.gradwatch.core.policy.RuleParameter;
import io.gradwatch.core.policy.SageMakerRule;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.wire.policy.YamlValue.Entry;
import io.gradwatch.wire.policy.YamlValue.Place;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what stands under {@code rules}: names of rules with their parameters. */
final class RuleReader {
  static final String RULES = "rules";

  private final FieldReader fields;
  private final Map<String, Place> places;

  /**
   * @param places where settings are set; those that a rule sets go there too
   */
  RuleReader(FieldReader fields, Map<String, Place> places) {
    this.fields = fields;
    this.places = places;
  }

  /** What the rules set together. */
  Settings read(YamlValue value) {
    List<String> known = SageMakerRule.ALL.stream().map(SageMakerRule::name).toList();
    Settings settings = Settings.NONE;
    for (Entry entry : fields.entries(RULES, value)) {
      int index = known.indexOf(entry.name().text());
      if (index < 0) {
        fields.unknown(RULES + ".", entry.name(), "rule", known);
      } else {
        settings = SageMakerRule.both(settings, rule(SageMakerRule.ALL.get(index), entry.value()));
      }
    }
    return settings;
  }

  private Settings rule(SageMakerRule rule, YamlValue value) {
    String path = RULES + "." + rule.name();
    List<RuleParameter> parameters = rule.allParameters();
    List<String> known = parameters.stream().map(RuleParameter::name).toList();
    Map<String, Double> given = new TreeMap<>();
    for (Entry entry : fields.entries(path, value)) {
      int index = known.indexOf(entry.name().text());
      if (index < 0) {
        fields.unknown(path + ".", entry.name(), "parameter", known);
      } else {
        parameter(path, parameters.get(index), entry, given);
      }
    }
    return rule.settings(given);
  }

  private void parameter(
      String rule, RuleParameter parameter, Entry entry, Map<String, Double> given) {
    String path = rule + "." + parameter.name();
    if (!parameter.counts()) {
      fields
          .errors()
          .add(
              entry.name().place(), path + " means nothing here, leave it out: " + parameter.why());
      return;
    }
    Double number = fields.number(path, entry.value());
    if (number != null) {
      given.put(parameter.name(), number);
      parameter.targets().forEach(target -> places.put(target.path(), entry.value().place()));
    }
  }
}
