package io.gradwatch.core.policy;

import static io.gradwatch.core.alarm.AlarmKind.DEAD_LAYER;
import static io.gradwatch.core.alarm.AlarmKind.DEPTH_GROWTH;
import static io.gradwatch.core.alarm.AlarmKind.DIVERGENCE;
import static io.gradwatch.core.alarm.AlarmKind.FROZEN_UPDATES;
import static io.gradwatch.core.alarm.AlarmKind.NON_FINITE;
import static io.gradwatch.core.alarm.AlarmKind.NO_PROGRESS;
import static io.gradwatch.core.alarm.AlarmKind.OVERFITTING;
import static io.gradwatch.core.alarm.AlarmKind.SILENCE;
import static io.gradwatch.core.alarm.AlarmKind.STALLED;
import static io.gradwatch.core.alarm.AlarmKind.VANISHING_GRADIENT;
import static io.gradwatch.core.policy.RuleParameter.Translation.LN_OF_FALL_PERCENT;
import static io.gradwatch.core.policy.RuleParameter.Translation.LN_OF_RISE;
import static io.gradwatch.core.policy.RuleParameter.Translation.LN_OF_RISE_PERCENT;
import static io.gradwatch.core.policy.RuleParameter.Translation.SAME;
import static io.gradwatch.core.policy.RuleParameter.Translation.SHARE_OF_PERCENT;
import static io.gradwatch.core.policy.RuleParameter.none;
import static io.gradwatch.core.policy.RuleParameter.target;

import io.gradwatch.core.alarm.AlarmKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A rule of Amazon SageMaker Debugger under the name its users know, as settings of the detectors
 * that see the same. It switches them on and sets what its parameters mean here, by default with
 * the rule's own defaults; a rule without patience fires at once, so the row of its detector is 1.
 * Source: Amazon SageMaker Developer Guide, "List of Debugger built-in rules".
 *
 * @param name as its users know it
 * @param always what it sets whatever its parameters are
 * @param parameters each once; those that choose tensors of a trial, which all rules have, left out
 */
public record SageMakerRule(String name, Settings always, List<RuleParameter> parameters) {
  /** Settings that notice more the larger they are; all other thresholds the smaller. */
  private static final Set<String> LARGER_NOTICES_MORE = Set.of("least", "improvement");

  private static final List<RuleParameter> OF_EVERY_RULE =
      List.of(
          none("base_trial", "a policy says itself which runs it is for"),
          none("collection_names", "each detector has its own series"),
          none("tensor_regex", "each detector has its own series"));

  /** All rules that a policy may name. */
  public static final List<SageMakerRule> ALL =
      List.of(
          rule(
              "ExplodingTensor",
              on(NON_FINITE).with(NON_FINITE, "persistence", 1),
              none("only_nan", "infinities count as NaN does")),
          rule(
              "VanishingGradient",
              on(VANISHING_GRADIENT),
              none(
                  "threshold",
                  "layers are compared with each other; set detectors.VANISHING_GRADIENT.fall")),
          rule(
              "WeightUpdateRatio",
              on(FROZEN_UPDATES).with(FROZEN_UPDATES, "persistence", 1),
              RuleParameter.of("large_threshold", 10, target(FROZEN_UPDATES, "most", SAME)),
              RuleParameter.of("small_threshold", 1e-8, target(FROZEN_UPDATES, "least", SAME)),
              none("num_steps", "each step is compared with the one before"),
              none("epsilon", "a layer whose weights are 0 is left alone")),
          rule(
              "AllZero",
              on(DEAD_LAYER).with(DEAD_LAYER, "persistence", 1),
              RuleParameter.of(
                  "threshold", 100, target(DEAD_LAYER, "zero_fraction", SHARE_OF_PERCENT))),
          rule(
              "DeadRelu",
              on(DEAD_LAYER),
              RuleParameter.of(
                  "threshold_layer", 50, target(DEAD_LAYER, "zero_fraction", SHARE_OF_PERCENT)),
              none("threshold_inactivity", "a component is dead where it is exactly 0")),
          rule(
              "LossNotDecreasing",
              on(NO_PROGRESS, STALLED, DIVERGENCE),
              RuleParameter.of(
                  "num_steps",
                  10,
                  target(NO_PROGRESS, "within_steps", SAME),
                  target(STALLED, "persistence", SAME)),
              RuleParameter.of(
                  "diff_percent",
                  0.1,
                  target(NO_PROGRESS, "improvement", LN_OF_FALL_PERCENT),
                  target(STALLED, "improvement", LN_OF_FALL_PERCENT)),
              RuleParameter.of(
                  "increase_threshold_percent", 5, target(DIVERGENCE, "rise", LN_OF_RISE_PERCENT)),
              none("use_losses_collection", "the loss of a step is the loss"),
              none("mode", "training and evaluation losses have detectors of their own")),
          rule(
              "Overfit",
              on(OVERFITTING),
              RuleParameter.of("ratio_threshold", 0.1, target(OVERFITTING, "rise", LN_OF_RISE)),
              RuleParameter.of("patience", 1, target(OVERFITTING, "persistence", SAME)),
              none("start_step", "the lowest evaluation is the baseline")),
          rule(
              "Overtraining",
              on(OVERFITTING, STALLED),
              RuleParameter.of("patience_validation", 10, target(OVERFITTING, "persistence", SAME)),
              RuleParameter.of("patience_train", 5, target(STALLED, "persistence", SAME)),
              none("delta", "losses are compared as ratios; set detectors.OVERFITTING.rise")),
          rule(
              "UnchangedTensor",
              on(FROZEN_UPDATES),
              RuleParameter.of("num_steps", 3, target(FROZEN_UPDATES, "persistence", SAME)),
              RuleParameter.of("rtol", 1e-5, target(FROZEN_UPDATES, "least", SAME)),
              none("atol", "a change is compared with the weights"),
              none("equal_nan", "NaN is for NON_FINITE to tell")),
          rule(
              "PoorWeightInitialization",
              on(NO_PROGRESS, VANISHING_GRADIENT, DEPTH_GROWTH),
              RuleParameter.of("steps", 10, target(NO_PROGRESS, "within_steps", SAME)),
              none("patience", "progress is judged over all of the steps"),
              none("threshold", "gradient norms of layers are compared, not their weights"),
              none("distribution_range", "the spread within a layer's gradient is not sent"),
              none("activation_inputs_regex", "each detector has its own series")),
          rule("StalledTraining", on(SILENCE), stalledTraining()),
          rule("StalledTrainingRule", on(SILENCE), stalledTraining()));

  /** Its parameters, and those that all rules have. */
  public List<RuleParameter> allParameters() {
    List<RuleParameter> all = new ArrayList<>(parameters);
    all.addAll(OF_EVERY_RULE);
    return all;
  }

  /**
   * What the rule sets.
   *
   * @param given parameters by name; for all others their defaults
   */
  public Settings settings(Map<String, Double> given) {
    Settings settings = always;
    for (RuleParameter parameter : parameters) {
      double x = given.getOrDefault(parameter.name(), parameter.standard());
      for (RuleParameter.Target target : parameter.targets()) {
        settings = settings.with(target.kind(), target.setting(), target.translation().of(x));
      }
    }
    return settings;
  }

  /** What two rules set together: where both set a threshold, the one that notices more. */
  public static Settings both(Settings one, Settings other) {
    Map<AlarmKind, DetectorSettings> detectors = new EnumMap<>(AlarmKind.class);
    detectors.putAll(one.detectors());
    other.detectors().forEach((kind, set) -> detectors.merge(kind, set, SageMakerRule::both));
    return new Settings(null, detectors, null, new TreeMap<>());
  }

  private static DetectorSettings both(DetectorSettings one, DetectorSettings other) {
    Map<String, Double> thresholds = new TreeMap<>(one.thresholds());
    other
        .thresholds()
        .forEach(
            (name, value) ->
                thresholds.merge(
                    name, value, LARGER_NOTICES_MORE.contains(name) ? Math::max : Math::min));
    return new DetectorSettings(true, null, thresholds);
  }

  private static SageMakerRule rule(String name, Settings always, RuleParameter... parameters) {
    return new SageMakerRule(name, always, List.of(parameters));
  }

  private static Settings on(AlarmKind... kinds) {
    Settings settings = Settings.NONE;
    for (AlarmKind kind : kinds) {
      settings = settings.with(kind, true);
    }
    return settings;
  }

  private static RuleParameter[] stalledTraining() {
    return new RuleParameter[] {
      RuleParameter.of("threshold", 1800, target(SILENCE, "timeout_seconds", SAME)),
      none("stop_training_on_fire", "nothing here stops a training"),
      none("training_job_name_prefix", "nothing here stops a training")
    };
  }
}
