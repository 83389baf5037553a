package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.SageMakerRule;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.RunEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule with its defaults tells what it is named for. */
class SageMakerRulesTest {
  private static Settings only(String name) {
    Settings settings = Settings.NONE;
    for (AlarmKind kind : SettingsCatalog.detectors().keySet()) {
      settings = settings.with(kind, false);
    }
    SageMakerRule rule =
        SageMakerRule.ALL.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    return rule.settings(Map.of()).over(settings);
  }

  @ParameterizedTest
  @CsvSource({
    "ExplodingTensor, NAN_GRADIENT, NON_FINITE",
    "VanishingGradient, EARLY_LAYERS_VANISH, VANISHING_GRADIENT",
    "WeightUpdateRatio, UPDATES_FREEZE, FROZEN_UPDATES",
    "UnchangedTensor, UPDATES_FREEZE, FROZEN_UPDATES",
    "AllZero, LAYER_DIES, DEAD_LAYER",
    "LossNotDecreasing, STALLS, STALLED",
    "LossNotDecreasing, NOTHING_LEARNT, NO_PROGRESS",
    "LossNotDecreasing, JUMP, DIVERGENCE",
    "Overtraining, STALLS, STALLED",
    "PoorWeightInitialization, NOTHING_LEARNT, NO_PROGRESS",
    "PoorWeightInitialization, EARLY_LAYERS_VANISH, VANISHING_GRADIENT",
    "PoorWeightInitialization, DEPTH_EXPLODES, DEPTH_GROWTH"
  })
  void aRuleTellsWhatItIsNamedFor(String rule, Disturbances disturbance, AlarmKind kind) {
    Trainings training = disturbance.run(new Trainings(161, Policy.of(only(rule))), false);

    assertThat(training.opened()).extracting(Alarm::kind).contains(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Overfit", "Overtraining"})
  void evaluationsThatRiseWhileTheTrainingLossFallsAreTold(String rule) {
    Trainings training = new Trainings(165, Policy.of(only(rule))).started("embed", "head");
    for (int i = 0; i < 40; i++) {
      training.healthySteps(50);
      double loss = 1.5 + 0.05 * Math.abs(i - 10);
      training.send(training.step, new RunEvent.EvaluationCompleted(loss, Map.of()));
    }

    assertThat(training.opened()).extracting(Alarm::kind).contains(AlarmKind.OVERFITTING);
  }

  private static Trainings withZeros(Settings settings, float usual, float later) {
    Trainings training = new Trainings(162, Policy.of(settings)).started("embed", "middle", "head");
    for (int i = 0; i < 200; i++) {
      float[] zeros = {0.3f, i < 100 ? usual : later, 0};
      training.observe(training.healthy().setLayers(LayerSeries.ZERO_FRACTION, zeros));
    }
    return training;
  }

  @Test
  void deadReluTellsALayerOfWhichHalfOfTheUnitsDie() {
    assertThat(withZeros(only("DeadRelu"), 0.4f, 0.6f).opened())
        .extracting(Alarm::kind)
        .containsExactly(AlarmKind.DEAD_LAYER);
    assertThat(withZeros(only("DeadRelu"), 0.6f, 0.7f).alarms).as("it always was").isEmpty();
  }

  @ParameterizedTest(name = "dead from a share of {0} on")
  @ValueSource(doubles = {0.5, 0.9, 0.99, 0.995, 0.999, 1})
  void noShareOfZerosSwitchesDeadLayerOff(double share) {
    Settings settings = only("DeadRelu").with(AlarmKind.DEAD_LAYER, "zero_fraction", share);

    assertThat(withZeros(settings, 0.4f, 1).opened()).hasSize(1);
  }

  @ParameterizedTest(name = "within {0} steps")
  @ValueSource(ints = {1, 10, 18, 19})
  void noNumberOfStepsSwitchesNoProgressOff(int steps) {
    Settings settings =
        only("PoorWeightInitialization").with(AlarmKind.NO_PROGRESS, "within_steps", steps);
    Trainings training =
        Disturbances.NOTHING_LEARNT.run(new Trainings(163, Policy.of(settings)), false);

    assertThat(training.opened()).extracting(Alarm::kind).containsExactly(AlarmKind.NO_PROGRESS);
  }

  @Test
  void aSeverityAboveTheDefaultPages() {
    Settings settings = only("AllZero").with(AlarmKind.DEAD_LAYER, Severity.CRITICAL);
    Trainings training =
        Disturbances.LAYER_DIES.run(new Trainings(164, Policy.of(settings)), false);

    assertThat(training.opened()).extracting(Alarm::severity).containsExactly(Severity.CRITICAL);
  }
}
