package io.gradwatch.core.policy;

/**
 * Settings of the clip advisor. The guards are the dead band, which holds for every rule but {@code
 * fixed}, and the bounded raises, which hold for {@code adaptive}.
 *
 * @param rule what the threshold follows
 * @param headroom rule adaptive: ln of the factor above the centre of the norms at which a run with
 *     even norms is clipped; 0.7 (twice the centre)
 * @param tightness rule adaptive: nats below the centre to which rough norms take the threshold;
 *     0.7 (half the centre)
 * @param deadBand ln of the factor below which a change of the threshold is not worth telling; 0.15
 * @param raise rule adaptive: ln of the largest factor by which one advice raises the threshold;
 *     0.25
 * @param raiseIntervalSteps rule adaptive: values between two raises; 10
 * @param validitySteps steps for which an advice holds; 1,000
 * @param learningRateFactor factor advised on the learning rate while a page is open; 0.5
 * @param scopes what is advised besides the global threshold
 * @param published settings of the other rules
 */
public record ClipPolicy(
    ClipRuleKind rule,
    double headroom,
    double tightness,
    double deadBand,
    double raise,
    int raiseIntervalSteps,
    int validitySteps,
    double learningRateFactor,
    ClipScopes scopes,
    PublishedClip published) {
  public ClipPolicy {
    Check.within("clip.headroom", headroom, -5, 5);
    Check.within("clip.tightness", tightness, -5, 5);
    Check.within("clip.dead_band", deadBand, 0, 2);
    Check.above("clip.raise", raise, 0);
    Check.within("clip.raise_interval_steps", raiseIntervalSteps, 1, 100_000);
    Check.within("clip.validity_steps", validitySteps, 10, 1_000_000);
    Check.within("clip.learning_rate_factor", learningRateFactor, 0, 1);
  }

  static ClipPolicy of(SettingsReader settings) {
    SettingsReader.Section clip = settings.clip();
    return new ClipPolicy(
        settings.clipRule(),
        clip.number("headroom", 0.7),
        clip.number("tightness", 0.7),
        clip.number("dead_band", 0.15),
        clip.number("raise", 0.25),
        clip.count("raise_interval_steps", 10),
        clip.count("validity_steps", 1_000),
        clip.number("learning_rate_factor", 0.5),
        ClipScopes.of(clip),
        PublishedClip.of(clip));
  }
}
