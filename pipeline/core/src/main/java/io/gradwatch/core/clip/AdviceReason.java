package io.gradwatch.core.clip;

/** Why advice changed. */
public enum AdviceReason {
  /**
   * First threshold of the run, or of a published rule that the policy has put in place of another;
   * the adaptive rule goes on from the advice before it.
   */
  COLD_START("First advice"),
  /** What the rule rests on moved: the norms, or what the loss takes from the threshold. */
  BASELINE("The threshold moved"),
  /** A disturbance began. */
  DISTURBANCE("A disturbance began"),
  /** A disturbance ended. */
  RECOVERED("The disturbance is over"),
  /** A newer attempt rewound the run. */
  REWOUND("The run has gone back"),
  /**
   * Nothing but that the validity of the last advice was about to end, a newer attempt that goes on
   * where the run stopped knows none of it, or the policy leaves out what was told.
   */
  RENEWED("Still holds");

  private final String text;

  AdviceReason(String text) {
    this.text = text;
  }

  /** The reason in words. */
  public String text() {
    return text;
  }
}
