package io.gradwatch.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.alarm.AlarmKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SageMakerRuleTest {
  static final List<SageMakerRule> RULES = SageMakerRule.ALL;

  @Test
  void everyRuleOfTrainingHealthHasItsName() {
    assertThat(RULES)
        .extracting(SageMakerRule::name)
        .contains(
            "ExplodingTensor",
            "VanishingGradient",
            "WeightUpdateRatio",
            "AllZero",
            "LossNotDecreasing",
            "Overfit",
            "Overtraining",
            "StalledTraining",
            "StalledTrainingRule",
            "UnchangedTensor",
            "DeadRelu",
            "PoorWeightInitialization")
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void aRuleWithItsDefaultsIsAPolicy(SageMakerRule rule) {
    Settings settings = rule.settings(Map.of());

    assertThat(SettingsCatalog.problems(settings)).isEmpty();
    assertThat(settings.detectors().values()).allMatch(DetectorSettings::enabled);
    assertThat(Policy.of(settings)).isNotNull();
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void everyParameterComesOnceAndCountsOrSaysWhyNot(SageMakerRule rule) {
    Set<String> names = new HashSet<>();
    for (RuleParameter parameter : rule.allParameters()) {
      assertThat(names.add(parameter.name())).as(parameter.name()).isTrue();
      assertThat(parameter.counts()).isEqualTo(parameter.why().isEmpty());
      assertThat(Double.isNaN(parameter.standard())).isNotEqualTo(parameter.counts());
    }
    assertThat(names).contains("base_trial", "tensor_regex", "collection_names");
  }

  @Test
  void theDefaultsAreThoseOfTheRules() {
    assertThat(set("WeightUpdateRatio", Map.of(), AlarmKind.FROZEN_UPDATES))
        .containsEntry("most", 10.0)
        .containsEntry("least", 1e-8);
    assertThat(set("AllZero", Map.of(), AlarmKind.DEAD_LAYER)).containsEntry("zero_fraction", 1.0);
    assertThat(set("DeadRelu", Map.of(), AlarmKind.DEAD_LAYER)).containsEntry("zero_fraction", 0.5);
    assertThat(set("ExplodingTensor", Map.of(), AlarmKind.NON_FINITE))
        .containsEntry("persistence", 1.0);
  }

  @Test
  void parametersAreTranslated() {
    assertThat(
            set(
                    "LossNotDecreasing",
                    Map.of("diff_percent", 10.0, "increase_threshold_percent", 50.0),
                    AlarmKind.STALLED)
                .get("improvement"))
        .isCloseTo(-Math.log(0.9), within(1e-15));
    assertThat(
            set(
                    "LossNotDecreasing",
                    Map.of("increase_threshold_percent", 50.0),
                    AlarmKind.DIVERGENCE)
                .get("rise"))
        .isCloseTo(Math.log(1.5), within(1e-15));
    assertThat(set("Overfit", Map.of("ratio_threshold", 0.5), AlarmKind.OVERFITTING).get("rise"))
        .isCloseTo(Math.log(1.5), within(1e-15));
    assertThat(set("UnchangedTensor", Map.of("num_steps", 7.0), AlarmKind.FROZEN_UPDATES))
        .containsEntry("persistence", 7.0);
  }

  @Test
  void ofTwoRulesTheOneThatNoticesMoreSetsAThreshold() {
    Settings both =
        SageMakerRule.both(
            rule("WeightUpdateRatio").settings(Map.of()),
            rule("UnchangedTensor").settings(Map.of()));

    assertThat(both.detector(AlarmKind.FROZEN_UPDATES).thresholds())
        .isEqualTo(Map.of("least", 1e-5, "most", 10.0, "persistence", 1.0));
    assertThat(both)
        .isEqualTo(
            SageMakerRule.both(
                rule("UnchangedTensor").settings(Map.of()),
                rule("WeightUpdateRatio").settings(Map.of())));
  }

  private static Map<String, Double> set(
      String rule, Map<String, Double> parameters, AlarmKind kind) {
    return rule(rule).settings(parameters).detector(kind).thresholds();
  }

  private static SageMakerRule rule(String name) {
    return RULES.stream().filter(rule -> rule.name().equals(name)).findFirst().orElseThrow();
  }
}
