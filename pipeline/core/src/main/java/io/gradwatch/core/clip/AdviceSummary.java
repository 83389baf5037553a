package io.gradwatch.core.clip;

import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.ClipRuleKind;

/** Says in words what a recommendation is, why, what it rests on and how long it holds. */
public final class AdviceSummary {
  /** Nats below which it is not told what lowered the threshold. */
  private static final double WORTH_TELLING = 0.1;

  private AdviceSummary() {}

  /**
   * One sentence on the threshold; others on layers, components and an open alarm where told.
   *
   * @param rule the rule in force
   * @param warmsUp true while that rule has wanted no threshold: what is told is none, or the one
   *     before it
   * @param norms finite norms that were seen of updates, by whatever rule
   * @param lowering how much lower the threshold is than the norms alone would have it
   */
  public static String of(
      Recommendation advice, ClipRuleKind rule, boolean warmsUp, long norms, Lowering lowering) {
    String clip =
        Double.isNaN(advice.clipThreshold())
            ? none(rule, norms)
            : clip(advice, Words.number(advice.clipThreshold()) + origin(rule, warmsUp), lowering);
    return advice.reason().text() + ": " + clip + scopes(advice) + alarm(advice);
  }

  private static String none(ClipRuleKind rule, long norms) {
    return norms == 0
        ? "no finite gradient norm of an update above 0 was seen to advise a clip threshold from."
        : Words.sentence(
            "%s has seen too few gradient norms above 0 to advise a clip threshold.", rule.word());
  }

  private static String origin(ClipRuleKind rule, boolean warmsUp) {
    if (warmsUp) {
      return Words.sentence(" until %s has a threshold", rule.word());
    }
    return rule == ClipRuleKind.ADAPTIVE ? "" : " (" + rule.word() + ")";
  }

  /** Centre and spread may be those of a series that began anew, whatever was seen before. */
  private static String clip(Recommendation advice, String threshold, Lowering lowering) {
    String norms;
    if (Double.isNaN(advice.centre())) {
      norms = "where norms centre is not known";
    } else if (Double.isNaN(advice.spread())) {
      norms =
          Words.sentence(
              "norms centre at %s so far, how far they stray is not known",
              Words.number(advice.centre()));
    } else {
      norms =
          Words.sentence(
              "recent norms centre at %s and stray from it by a factor of %s",
              Words.number(advice.centre()), Words.number(StrictMath.exp(advice.spread())));
    }
    return Words.sentence(
        "clip at %s; %s%s%s; holds until step %d.",
        threshold,
        norms,
        lowered(lowering.caution(), "the loss stands above its lowest"),
        lowered(lowering.restraint(), "first steps decide and loss and norms are rough"),
        advice.validUntilStep());
  }

  private static String lowered(double nats, String cause) {
    return nats < WORTH_TELLING
        ? ""
        : Words.sentence(
            "; lowered by a factor of %s as %s", Words.number(StrictMath.exp(nats)), cause);
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
