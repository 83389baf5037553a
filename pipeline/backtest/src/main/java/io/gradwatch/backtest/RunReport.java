package io.gradwatch.backtest;

import org.jspecify.annotations.Nullable;

/**
 * One recorded run, read.
 *
 * @param source where it was recorded, for a person
 * @param runId its run id
 * @param events events that were let in
 * @param refused events that were not
 * @param newestStep newest step read; -1 when there was none
 * @param failure why it could not be read to its end, in words; null when it could
 */
public record RunReport(
    String source,
    String runId,
    long events,
    long refused,
    long newestStep,
    @Nullable String failure) {}
