package io.gradwatch.producer;

import io.gradwatch.records.ClipRecommendation;

/**
 * Whose advice a trainer takes, and for how long.
 *
 * @param project its project
 * @param runId its run
 * @param attempt its attempt; advice for others is passed over
 * @param staleAfterSteps advice older than this is not used, whatever it says of itself; at least 1
 */
record AdviceTerms(String project, String runId, int attempt, long staleAfterSteps) {

  /** True for a step at which advice may be used. */
  boolean inForce(ClipRecommendation advice, long step) {
    long madeAt = advice.getMadeAtStep();
    return madeAt <= step && step <= advice.getValidUntilStep() && step - madeAt <= staleAfterSteps;
  }
}
