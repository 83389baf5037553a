package io.gradwatch.core.monitor;

import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.clip.ClipStatistics;
import io.gradwatch.core.stats.SeriesStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Rolling statistics of one run, as they go out.
 *
 * @param step newest step read
 * @param stepsSeen step events accepted, over all attempts
 * @param stepsSkipped steps whose update the loss scaler skipped
 * @param stepsNonfinite steps with a NaN or infinity in loss or gradient
 * @param stepsClipped steps whose norm was above the clip threshold applied
 * @param openAlarms alarms open now
 * @param highestSeverity highest severity among them; null when none is open
 * @param layerGradNormMeans exponentially weighted geometric mean of each layer's gradient norm
 * @param layerGrowthRates growth of ln(gradient norm) per step of each layer
 * @param clip what clipping does to the run, and what the advice would do
 */
public record RunStatistics(
    String project,
    String runId,
    int attempt,
    long step,
    long emittedAt,
    long stepsSeen,
    long stepsSkipped,
    long stepsNonfinite,
    long stepsClipped,
    int openAlarms,
    @Nullable Severity highestSeverity,
    SeriesStatistics loss,
    SeriesStatistics gradNorm,
    float[] layerGradNormMeans,
    float[] layerGrowthRates,
    ClipStatistics clip) {}
