package io.gradwatch.core.signal;

/**
 * Distribution of |gradient| over powers of two.
 *
 * @param minExponent exponent of the lowest bucket: {@code counts[i]} holds components with {@code
 *     2^(minExponent+i) <= |g| < 2^(minExponent+i+1)}
 * @param counts components in each bucket; owned by this record
 * @param zeros components that are exactly 0
 * @param nonfinite components that are NaN or infinite
 */
public record Log2Histogram(int minExponent, long[] counts, long zeros, long nonfinite) {}
