package io.gradwatch.core.policy;

/**
 * What is advised besides the threshold for the global norm.
 *
 * @param layers thresholds for layers by themselves too, where their norms are reported; true
 * @param components a bound for single components too, where the largest one or a histogram is
 *     reported; true
 */
public record ClipScopes(boolean layers, boolean components) {
  static ClipScopes of(SettingsReader.Section clip) {
    return new ClipScopes(clip.isOn("layers"), clip.isOn("components"));
  }
}
