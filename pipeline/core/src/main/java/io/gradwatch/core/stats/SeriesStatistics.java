package io.gradwatch.core.stats;

/**
 * Rolling statistics of one series, as they go out; NaN where nothing was seen.
 *
 * @param count finite values seen
 * @param last newest finite value
 * @param mean exponentially weighted mean
 * @param spread exponentially weighted standard deviation
 * @param growthRate growth of ln(value) per step; NaN for a series that is not positive
 */
public record SeriesStatistics(
    long count,
    double last,
    double mean,
    double spread,
    double minimum,
    double maximum,
    double p10,
    double p50,
    double p90,
    double p99,
    double growthRate) {}
