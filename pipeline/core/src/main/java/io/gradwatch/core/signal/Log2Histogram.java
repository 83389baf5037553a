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
public record Log2Histogram(int minExponent, long[] counts, long zeros, long nonfinite) {
  /** Components that lie above the highest edge, so that its logarithm is finite. */
  private static final double LEAST = 0.5;

  /**
   * Binary logarithm of what the largest components exceed, those that are 0 or not finite left
   * out. Within a bucket the logarithm of their number is taken to fall in a straight line, as
   * tails do. NaN when there are none.
   *
   * @param share of the components, above 0 and below 1
   */
  public double log2Exceeded(double share) {
    double total = 0;
    for (long count : counts) {
      total += count;
    }
    if (total == 0) {
      return Double.NaN;
    }
    double sought = Math.max(share * total, LEAST);
    double above = 0;
    int bucket = counts.length - 1;
    while (bucket > 0 && above + counts[bucket] < sought) {
      above += counts[bucket];
      bucket--;
    }
    double upper = Math.max(above, LEAST);
    double lower = above + counts[bucket];
    return minExponent + bucket + StrictMath.log(lower / sought) / StrictMath.log(lower / upper);
  }
}
