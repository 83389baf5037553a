package io.gradwatch.core.clip;

/** Why advice changed. */
public enum AdviceReason {
  /** First advice of the run. */
  COLD_START,
  /** The baseline moved. */
  BASELINE,
  /** A disturbance began. */
  DISTURBANCE,
  /** A disturbance ended. */
  RECOVERED,
  /** A newer attempt rewound the run. */
  REWOUND,
  /** The validity of the last advice was about to end. */
  RENEWED
}
