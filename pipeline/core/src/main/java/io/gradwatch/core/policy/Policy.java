package io.gradwatch.core.policy;

/** Settings of detection and advice that hold for one run. */
public record Policy() {
  private static final Policy DEFAULT = new Policy();

  /** The settings a run has when nobody set any. */
  public static Policy defaults() {
    return DEFAULT;
  }
}
