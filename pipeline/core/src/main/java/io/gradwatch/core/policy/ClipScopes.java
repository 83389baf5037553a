package io.gradwatch.core.policy;

/**
 * What is advised besides the threshold for the global norm.
 *
 * @param layers 1: thresholds for layers by themselves are advised too, where their norms are
 *     reported; 0: they are not; 1
 * @param components 1: a bound for single components is advised too, where the largest one or a
 *     histogram is reported; 0: it is not; 1
 */
public record ClipScopes(boolean layers, boolean components) {
  static ClipScopes of(SettingsReader.Section clip) {
    return new ClipScopes(clip.isOn("layers"), clip.isOn("components"));
  }
}
