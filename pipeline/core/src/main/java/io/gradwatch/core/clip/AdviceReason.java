package io.gradwatch.core.clip;

/** Why advice changed. */
public enum AdviceReason {
  /** First advice of the run, or of a rule that the policy has put in place of another. */
  COLD_START("First advice"),
  /** The baseline moved. */
  BASELINE("The norms moved"),
  /** A disturbance began. */
  DISTURBANCE("A disturbance began"),
  /** A disturbance ended. */
  RECOVERED("The disturbance is over"),
  /** A newer attempt rewound the run. */
  REWOUND("The run has gone back"),
  /** The validity of the last advice was about to end. */
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
