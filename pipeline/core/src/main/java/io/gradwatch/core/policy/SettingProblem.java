package io.gradwatch.core.policy;

/**
 * One thing that is wrong with settings.
 *
 * @param path where, as {@code detectors.DIVERGENCE.jump_spreads}
 * @param reason what is wrong, as {@code is -1, it must be above 0}
 */
public record SettingProblem(String path, String reason) {
  @Override
  public String toString() {
    return path + " " + reason;
  }
}
