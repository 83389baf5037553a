package io.gradwatch.console.api;

import java.util.List;

/**
 * Histograms of |gradient| over the steps of the newest attempt.
 *
 * @param steps step of each, rising; at most 64
 * @param minExponent row i of the counts holds 2^(minExponent+i) &lt;= |g| &lt; 2^(minExponent+i+1)
 * @param shares by histogram, then row: share of the components, 0 to 1
 * @param zeros share of the components that were exactly 0
 * @param nonfinite number of components that were NaN or infinite
 */
public record HistogramPage(
    List<Long> steps,
    int minExponent,
    List<List<Float>> shares,
    List<Float> zeros,
    List<Long> nonfinite) {}
