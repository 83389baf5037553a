package io.gradwatch.console.model;

import java.util.Map;

/** What the numbers of alarms say, in a few words with their unit. */
public final class EvidenceMeanings {
  private static final String BASELINE = "_baseline";

  private static final Map<String, String> MEANINGS =
      Map.ofEntries(
          Map.entry("loss", "loss at this step"),
          Map.entry("loss_baseline", "level the loss had before"),
          Map.entry("loss_at_start", "loss at the start of the run"),
          Map.entry("loss_growth_rate_per_step", "growth of ln(loss) per step"),
          Map.entry("loss_rise_spreads", "rise of the loss, in spreads of its usual scatter"),
          Map.entry("loss_roughness", "scatter of the loss from step to step"),
          Map.entry("loss_swing", "size of the loss's swings"),
          Map.entry("loss_repeated", "steps in a row with the very same loss"),
          Map.entry("loss_scale", "loss scale of mixed precision"),
          Map.entry("loss_scale_halvings", "times the loss scale was halved"),
          Map.entry("eval_loss", "evaluation loss"),
          Map.entry("eval_loss_lowest", "lowest evaluation loss so far"),
          Map.entry("eval_rise_percent", "rise of the evaluation loss over its lowest, percent"),
          Map.entry("grad_norm", "global gradient norm at this step"),
          Map.entry("grad_norm_baseline", "gradient norm that was usual before"),
          Map.entry("grad_norm_before", "gradient norm before the change"),
          Map.entry("grad_norm_first_layer", "gradient norm of the first layer"),
          Map.entry("grad_norm_last_layer", "gradient norm of the last layer"),
          Map.entry("grad_norm_roughness", "scatter of the gradient norm from step to step"),
          Map.entry("grad_norm_swing", "size of the gradient norm's swings"),
          Map.entry("grad_tail_ratio", "largest component over the usual one"),
          Map.entry("growth_rate_per_step", "growth of ln(norm) per step"),
          Map.entry("doubling_steps", "steps in which the norm doubles"),
          Map.entry("steps_to_overflow", "steps until the norm overflows, at this rate"),
          Map.entry("steps_to_overflow_low", "fewest steps, by noise and lag of the levels"),
          Map.entry("steps_to_overflow_high", "most steps, by noise and lag of the levels"),
          Map.entry("growth_per_layer", "factor by which norms grow from layer to layer"),
          Map.entry("fall_nats_per_layer", "fall of ln(norm) from layer to layer"),
          Map.entry("weight_norm", "norm of the weights at this step"),
          Map.entry("weight_growth_rate_per_step", "growth of ln(weight norm) per step"),
          Map.entry("weight_doubling_steps", "steps in which the weight norm doubles"),
          Map.entry("weight_steps_to_overflow", "steps until the weights overflow, at this rate"),
          Map.entry("update_ratio", "norm of the update over the norm of the weights"),
          Map.entry("update_norm", "norm of the update"),
          Map.entry("update_to_weight", "norm of the update over the norm of the weights"),
          Map.entry("norm_factor", "factor by which the norm jumped"),
          Map.entry("score_spreads", "distance from the usual, in spreads"),
          Map.entry("nonfinite_in_row", "steps in a row with NaN or infinity"),
          Map.entry("skipped_in_row", "updates in a row that the loss scaler skipped"),
          Map.entry("layers_dead", "layers without a gradient"),
          Map.entry("least_layer", "smallest gradient norm of any layer"),
          Map.entry("layers_frozen", "layers that hardly move"),
          Map.entry("layers_rewritten", "layers that an update rewrites"),
          Map.entry("first_to_last_layers", "first layer's norm over the last layer's"),
          Map.entry("clipped_share", "share of recent steps that were clipped"),
          Map.entry("clip_threshold", "clip threshold applied"),
          Map.entry("gain_percent", "gain of the loss over the time looked at, percent"),
          Map.entry("rank", "rank that differs"),
          Map.entry("first_rank", "lowest rank that differs"),
          Map.entry("rank_factor", "that rank over the median of the ranks"),
          Map.entry("rank_loss", "loss of that rank"),
          Map.entry("rank_median_loss", "median loss of the ranks"),
          Map.entry("rank_grad_norm", "gradient norm of that rank"),
          Map.entry("rank_median_grad_norm", "median gradient norm of the ranks"),
          Map.entry("missing_rank", "rank that does not report"),
          Map.entry("missing_ranks", "ranks that do not report"),
          Map.entry("ranks", "ranks that report"),
          Map.entry("layers", "layers looked at"),
          Map.entry("repeated_step", "step that was reported twice"),
          Map.entry("timeout_seconds", "silence after which this is told, seconds"),
          Map.entry("step_interval_seconds", "usual time from step to step, seconds"),
          Map.entry("longest_pause_seconds", "longest pause between steps so far, seconds"),
          Map.entry("last_step", "last step that was reported"));

  private EvidenceMeanings() {}

  /** Whether there is a meaning of this name. */
  public static boolean has(String name) {
    return MEANINGS.containsKey(name)
        || (name.endsWith(BASELINE)
            && MEANINGS.containsKey(name.substring(0, name.length() - BASELINE.length())));
  }

  /** What a number says; its name in words when it has none here. */
  public static String of(String name) {
    String meaning = MEANINGS.get(name);
    if (meaning != null) {
      return meaning;
    }
    if (name.endsWith(BASELINE)) {
      return of(name.substring(0, name.length() - BASELINE.length())) + ", as it usually is";
    }
    return name.replace('_', ' ');
  }
}
