package io.gradwatch.core.policy;

import java.util.List;
import java.util.stream.Collectors;

/** Settings of detection and advice that hold for one run. */
public record Policy(
    NonFinitePolicy nonFinite,
    GrowthPolicy explodingGradient,
    WeightGrowthPolicy weightGrowth,
    DivergencePolicy divergence,
    SpikePolicy lossSpike,
    SpikePolicy gradientSpike,
    DepthGrowthPolicy depthGrowth,
    LargeGradientPolicy largeGradient,
    ClipEngagementPolicy clipEngagement,
    VanishingGradientPolicy vanishingGradient,
    DeadLayerPolicy deadLayer,
    FrozenUpdatesPolicy frozenUpdates,
    StalledPolicy stalled,
    NoProgressPolicy noProgress,
    OverfittingPolicy overfitting,
    InstabilityPolicy instability,
    MeasurementChangePolicy measurementChange,
    RunIdConflictPolicy runIdConflict,
    RankOutlierPolicy rankOutlier,
    MissingRankPolicy missingRank,
    SilencePolicy silence,
    FleetIncidentPolicy fleetIncident,
    ClipPolicy clip) {
  private static final Policy DEFAULT = read(new SettingsReader(Settings.NONE));

  /** The settings a run has when nobody set any. */
  public static Policy defaults() {
    return DEFAULT;
  }

  /**
   * The policy that settings make, everything else by default.
   *
   * @throws IllegalArgumentException when a name is unknown or a number out of its bound; the
   *     message says all of them
   */
  public static Policy of(Settings settings) {
    List<SettingProblem> problems = SettingsCatalog.problems(settings);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream().map(SettingProblem::toString).collect(Collectors.joining("\n")));
    }
    return read(new SettingsReader(settings));
  }

  /** Every record asks for its settings; a detector more is a line more. */
  static Policy read(SettingsReader settings) {
    return new Policy(
        NonFinitePolicy.of(settings),
        GrowthPolicy.of(settings),
        WeightGrowthPolicy.of(settings),
        DivergencePolicy.of(settings),
        SpikePolicy.ofLoss(settings),
        SpikePolicy.ofGradient(settings),
        DepthGrowthPolicy.of(settings),
        LargeGradientPolicy.of(settings),
        ClipEngagementPolicy.of(settings),
        VanishingGradientPolicy.of(settings),
        DeadLayerPolicy.of(settings),
        FrozenUpdatesPolicy.of(settings),
        StalledPolicy.of(settings),
        NoProgressPolicy.of(settings),
        OverfittingPolicy.of(settings),
        InstabilityPolicy.of(settings),
        MeasurementChangePolicy.of(settings),
        RunIdConflictPolicy.of(settings),
        RankOutlierPolicy.of(settings),
        MissingRankPolicy.of(settings),
        SilencePolicy.of(settings),
        FleetIncidentPolicy.of(settings),
        ClipPolicy.of(settings));
  }
}
