package io.gradwatch.core.clip;

import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.ClipRuleKind;

/** Says in words what a recommendation is, why, what it rests on and how long it holds. */
public final class AdviceSummary {
  private AdviceSummary() {}

  /** One sentence on the threshold; others on layers, components and an open alarm where told. */
  public static String of(Recommendation advice, ClipRuleKind rule) {
    return advice.reason().text() + ": " + clip(advice, rule) + scopes(advice) + alarm(advice);
  }

  private static String clip(Recommendation advice, ClipRuleKind rule) {
    if (Double.isNaN(advice.clipThreshold())) {
      return "no gradient norm was seen to advise a clip threshold from.";
    }
    String published = rule == ClipRuleKind.ADAPTIVE ? "" : " (" + rule.word() + ")";
    String threshold = Words.number(advice.clipThreshold()) + published;
    if (Double.isNaN(advice.centre())) {
      return Words.sentence(
          "clip at %s, before any norm was seen; holds until step %d.",
          threshold, advice.validUntilStep());
    }
    if (Double.isNaN(advice.spread())) {
      return Words.sentence(
          "clip at %s, the only norm seen so far; holds until step %d.",
          threshold, advice.validUntilStep());
    }
    return Words.sentence(
        "clip at %s; recent norms centre at %s and stray from it by a factor of %s; holds until"
            + " step %d.",
        threshold,
        Words.number(advice.centre()),
        Words.number(StrictMath.exp(advice.spread())),
        advice.validUntilStep());
  }

  private static String scopes(Recommendation advice) {
    float lowest = Float.POSITIVE_INFINITY;
    float highest = 0;
    for (float threshold : advice.layerClipThresholds()) {
      lowest = threshold < lowest ? threshold : lowest;
      highest = threshold > highest ? threshold : highest;
    }
    String layers =
        highest > 0
            ? Words.sentence(
                " Or each layer by itself, at %s to %s.",
                Words.number(lowest), Words.number(highest))
            : "";
    return Double.isNaN(advice.clipValue())
        ? layers
        : layers + Words.sentence(" Or each component at %s.", Words.number(advice.clipValue()));
  }

  private static String alarm(Recommendation advice) {
    if (Double.isNaN(advice.learningRateFactor())) {
      return "";
    }
    String back =
        advice.rollbackStep() < 0
            ? ""
            : Words.sentence(" and go back to the checkpoint of step %d", advice.rollbackStep());
    return Words.sentence(
        " While the alarm is open: multiply the learning rate by %s%s%s.",
        Words.number(advice.learningRateFactor()),
        back,
        advice.frozen() ? "; no threshold is raised" : "");
  }
}
