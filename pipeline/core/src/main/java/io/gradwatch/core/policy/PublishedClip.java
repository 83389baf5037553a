package io.gradwatch.core.policy;

/** Settings of the clip rules that others published, with the defaults they are known by. */
public record PublishedClip(
    Fixed fixed, AutoClip autoClip, Quantile quantile, ZClip zClip, AdaGc adaGc) {

  /**
   * Settings of the rule "fixed".
   *
   * @param fixedThreshold rule fixed: the threshold; 1, which most trainings clip at
   */
  public record Fixed(double fixedThreshold) {
    public Fixed {
      Check.above("clip.fixed_threshold", fixedThreshold, 0);
    }
  }

  /**
   * Settings of the rule "autoclip".
   *
   * @param autoclipPercentile rule autoclip: the percentile of all norms so far; 10, as published
   */
  public record AutoClip(double autoclipPercentile) {
    public AutoClip {
      Check.within("clip.autoclip_percentile", autoclipPercentile, 0, 100);
    }
  }

  /**
   * Settings of the rule "quantile".
   *
   * @param quantilePercentile rule quantile: the percentile of the recent norms; 90
   * @param quantileNorms rule quantile: about how many norms are recent; 1,000
   */
  public record Quantile(double quantilePercentile, int quantileNorms) {
    public Quantile {
      Check.within("clip.quantile_percentile", quantilePercentile, 0, 100);
      Check.within("clip.quantile_norms", quantileNorms, 10, 1_000_000);
    }
  }

  /**
   * Settings of the rule "zclip".
   *
   * @param zclipZ rule zclip: deviations above the mean; 2.5, as published
   * @param zclipAlpha rule zclip: share of mean and variance that a step keeps; 0.97, as published
   * @param zclipWarmupNorms rule zclip: norms before the first threshold, whose plain mean and
   *     variance begin the weighted ones; 25, as published
   */
  public record ZClip(double zclipZ, double zclipAlpha, int zclipWarmupNorms) {
    public ZClip {
      Check.within("clip.zclip_z", zclipZ, 0, 1_000);
      Check.within("clip.zclip_alpha", zclipAlpha, 0, 1);
      Check.within("clip.zclip_warmup_norms", zclipWarmupNorms, 1, 100_000);
    }
  }

  /**
   * Settings of the rule "adagc".
   *
   * @param adagcFactor rule adagc: the threshold over the mean of the clipped norms (the paper's
   *     lambda_rel); 1.05, as published
   * @param adagcBeta rule adagc: share of that mean that a step keeps; 0.98, as published
   * @param adagcThreshold rule adagc: the threshold during warm-up (the paper's lambda_abs); 1, as
   *     published
   * @param adagcWarmupNorms rule adagc: norms of the warm-up; 100, as published
   */
  public record AdaGc(
      double adagcFactor, double adagcBeta, double adagcThreshold, int adagcWarmupNorms) {
    public AdaGc {
      Check.within("clip.adagc_factor", adagcFactor, 1, 1_000);
      Check.within("clip.adagc_beta", adagcBeta, 0, 1);
      Check.above("clip.adagc_threshold", adagcThreshold, 0);
      Check.within("clip.adagc_warmup_norms", adagcWarmupNorms, 1, 100_000);
    }
  }

  static PublishedClip of(SettingsReader.Section clip) {
    return new PublishedClip(
        new Fixed(clip.number("fixed_threshold", 1)),
        new AutoClip(clip.number("autoclip_percentile", 10)),
        new Quantile(clip.number("quantile_percentile", 90), clip.count("quantile_norms", 1_000)),
        new ZClip(
            clip.number("zclip_z", 2.5),
            clip.number("zclip_alpha", 0.97),
            clip.count("zclip_warmup_norms", 25)),
        new AdaGc(
            clip.number("adagc_factor", 1.05),
            clip.number("adagc_beta", 0.98),
            clip.number("adagc_threshold", 1),
            clip.count("adagc_warmup_norms", 100)));
  }
}
